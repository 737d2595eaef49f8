import { createRequire } from "node:module";
import path from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { HarnessError } from "../errors/harness-error.ts";
import { isNativeBackend, loadNativePackage } from "./native-backend.ts";

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

/**
 * The backends by name, the default first. Only wasm runs the fused kernels and is equal to the last bit on every machine;
 * tfjs-node-gpu and tfjs-node are packages that a user may install; cpu is plain JavaScript, the reference.
 */
export const BACKENDS = ["wasm", "tfjs-node-gpu", "tfjs-node", "cpu"] as const;

/** A backend's name. */
export type BackendName = (typeof BACKENDS)[number];

/** Version of the TensorFlow.js that is installed, or null if none is. */
export function tfjsVersion(): string | null {
  try {
    return (require("@tensorflow/tfjs/package.json") as { version: string }).version;
  } catch {
    return null;
  }
}

/** tfjs with one of its backends active. */
export interface OpenBackend {
  /** The backend's own namespace: a native package's is the tfjs that it depends on. */
  readonly tf: Tf;
  readonly name: BackendName;
}

/**
 * Loads tfjs and activates a backend. `tfjs-core` alone registers no gradients in Node, so the whole package is loaded.
 * @throws NAS_TRAINING_BACKEND if the backend is not installed or does not start
 */
export async function openBackend(name: BackendName): Promise<OpenBackend> {
  const isNative = isNativeBackend(name);
  const tf = (isNative ? loadNativePackage(name) : require("@tensorflow/tfjs")) as Tf;
  // Without this tfjs advertises its native package on every start.
  tf.enableProdMode();
  if (name === "wasm") {
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
    const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
    setWasmPaths(`${path.join(folder, "wasm-out")}${path.sep}`);
  }
  const registered = isNative ? "tensorflow" : name;
  const started = await tf.setBackend(registered);
  await tf.ready();
  if (!started || tf.getBackend() !== registered) {
    throw new HarnessError("NAS_TRAINING_BACKEND", {
      what: `the TensorFlow.js backend ${name} does not start`,
      next: `reinstall ${isNative ? "its package" : "the packages with npm ci"}; nas-harness doctor says more`,
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
