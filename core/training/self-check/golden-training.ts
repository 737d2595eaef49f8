import type { Operation } from "../../space/operations.ts";
import type { NetworkShape } from "../network.ts";
import type { Operations } from "../operations.ts";
import { weightsHash } from "../weights-hash.ts";
import golden from "./golden-training.json" with { type: "json" };
import { randomImages, TrainedNetwork } from "./trained-network.ts";

/** How a small training ended. */
export interface GoldenTraining {
  /** SHA-256 of all weights and running averages. */
  readonly weightsSha256: string;
  /** Loss of each step, then by running averages and by batch statistics. */
  readonly losses: readonly number[];
}

/** What {@link goldenTraining} gives on the fused kernels on every machine, to the last bit. */
export const GOLDEN_TRAINING: GoldenTraining = golden;

/** Steps of the small training. */
export const GOLDEN_STEPS = 20;

const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
/** All operations that compute something. */
const EDGES: readonly Operation[] = [
  ...(["nor_conv_3x3", "avg_pool_3x3", "nor_conv_1x1"] as const),
  ...(["skip_connect", "nor_conv_3x3", "avg_pool_3x3"] as const),
];
/** Leaves a rest in every loop of the kernels. */
const BATCH = 13;

/** A small training whose final weights are known to the last bit: steps on one batch, which it learns by heart. */
export function goldenTraining(operations: Operations): GoldenTraining {
  const trained = new TrainedNetwork(operations, SHAPE, EDGES, randomImages(SHAPE, BATCH));
  operations.phase = "train";
  const losses = Array.from({ length: GOLDEN_STEPS }, () => trained.step().loss);
  for (const phase of ["running", "batch"] as const) {
    operations.phase = phase;
    losses.push(trained.evaluate().loss);
  }
  const weightsSha256 = weightsHash(trained.network);
  trained.dispose();
  return { weightsSha256, losses };
}
