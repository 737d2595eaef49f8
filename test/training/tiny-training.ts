/** A small training whose final weights are known to the last bit. Run as a program it prints their hash and its losses. */
import type { Operation } from "../../core/space/operations.ts";
import { openBackend } from "../../core/training/backend.ts";
import type { NetworkShape } from "../../core/training/network.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { weightsHash } from "../../core/training/weights-hash.ts";
import { randomImages, TrainedNetwork } from "./trained-network.ts";

/** How a training ended. */
export interface TinyTraining {
  /** SHA-256 of all weights and running averages. */
  readonly weightsSha256: string;
  /** Loss of each step, then by running averages and by batch statistics. */
  readonly losses: number[];
}

const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
/** All operations that compute something. */
const EDGES: readonly Operation[] = [
  ...(["nor_conv_3x3", "avg_pool_3x3", "nor_conv_1x1"] as const),
  ...(["skip_connect", "nor_conv_3x3", "avg_pool_3x3"] as const),
];

/** Twenty steps on a batch of 13 images, which leaves a rest in every loop. */
export async function tinyTraining(): Promise<TinyTraining> {
  const operations = new WasmOperations(await openBackend("wasm"));
  const trained = new TrainedNetwork(operations, SHAPE, EDGES, randomImages(SHAPE, 13));
  const losses = Array.from({ length: 20 }, () => trained.step().loss);
  for (const phase of ["running", "batch"] as const) {
    operations.phase = phase;
    losses.push(trained.evaluate().loss);
  }
  const weightsSha256 = weightsHash(trained.network);
  trained.dispose();
  return { weightsSha256, losses };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await tinyTraining(), null, 2)}\n`);
