import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { type BackendName, type OpenBackend, openBackend } from "./backend.ts";
import { KERNELS_FILE } from "./kernels/kernel-module.ts";
import type { Operations } from "./operations.ts";
import { StockOperations } from "./stock-operations.ts";
import { WasmOperations } from "./wasm-operations.ts";

/**
 * The operations that run on a backend: the fused kernels on wasm, stock operations on every other one.
 * @throws NAS_TRAINING_BACKEND if the kernels or the backend's memory are not what they should be
 */
export function operationsOn(open: OpenBackend): Operations {
  if (open.name !== "wasm") return new StockOperations(open);
  try {
    return new WasmOperations(open);
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError("NAS_TRAINING_BACKEND", {
      what: `the training kernels do not load: ${messageOf(cause)}`,
      where: KERNELS_FILE,
      next: "install the harness again (in a clone: git checkout core/training/kernels/kernels.wasm)",
      cause,
    });
  }
}

/** Opens a backend with the operations that run on it. @throws NAS_TRAINING_BACKEND */
export async function openOperations(name: BackendName): Promise<Operations> {
  return operationsOn(await openBackend(name));
}
