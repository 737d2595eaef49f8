/** Run as a program it prints how the golden training ends in this process. */
import { openBackend } from "../../core/training/backend.ts";
import { type GoldenTraining, goldenTraining } from "../../core/training/self-check/golden-training.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";

/** The golden training on the fused kernels. */
export async function tinyTraining(): Promise<GoldenTraining> {
  return goldenTraining(new WasmOperations(await openBackend("wasm")));
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await tinyTraining(), null, 2)}\n`);
