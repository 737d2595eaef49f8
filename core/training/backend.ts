import { createRequire } from "node:module";
import path from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { HarnessError } from "../errors/harness-error.ts";

/** The tfjs namespace. */
export type Tf = typeof TensorFlow;
export type Tensor = TensorFlow.Tensor;
/** Data, shape and type without a tensor's methods. */
export type TensorInfo = TensorFlow.TensorInfo;

const require = createRequire(import.meta.url);

/** What the wasm backend has besides tfjs's public interface; pinned by version and checked when the backend is opened. */
export interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: "float32" | "int32"): TensorInfo;
}

/** tfjs with one of its backends active. */
export interface OpenBackend {
  readonly tf: Tf;
  readonly name: string;
}

/**
 * Loads tfjs and activates a backend. `tfjs-core` alone registers no gradients in Node, so the whole package is loaded.
 * @throws NAS_TRAINING_BACKEND if the backend does not start
 */
export async function openBackend(name: "wasm" | "cpu"): Promise<OpenBackend> {
  const tf = require("@tensorflow/tfjs") as Tf;
  // Without this tfjs advertises its native package on every start.
  tf.enableProdMode();
  if (name === "wasm") {
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
    const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
    setWasmPaths(`${path.join(folder, "wasm-out")}${path.sep}`);
  }
  const started = await tf.setBackend(name);
  await tf.ready();
  if (!started || tf.getBackend() !== name) {
    throw new HarnessError("NAS_TRAINING_BACKEND", {
      what: `the TensorFlow.js backend ${name} does not start`,
      next: "reinstall the packages with npm ci; nas-harness doctor says more",
    });
  }
  return { tf, name };
}

/** The active wasm backend with the parts that the kernels need. @throws NAS_TRAINING_BACKEND if tfjs has changed them */
export function wasmBackend(tf: Tf): WasmBackend {
  const backend = tf.backend() as unknown as Partial<WasmBackend>;
  const isComplete =
    backend.wasm?.asm?.memory instanceof WebAssembly.Memory &&
    typeof backend.wasm._malloc === "function" &&
    typeof backend.dataIdMap?.get === "function" &&
    typeof backend.makeOutput === "function";
  if (isComplete) return backend as WasmBackend;
  throw new HarnessError("NAS_TRAINING_BACKEND", {
    what: "the TensorFlow.js wasm backend does not offer its memory to the training kernels",
    allowed: "the pinned version of @tensorflow/tfjs-backend-wasm",
    next: "reinstall the packages with npm ci",
  });
}
