import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import type { NetworkShape } from "../network.ts";
import { networkMacs } from "../network-macs.ts";
import type { Operations } from "../operations.ts";
import { trainedEdges } from "../trial.ts";
import { randomImages, TrainedNetwork } from "./trained-network.ts";

/** How fast a backend trains. */
export interface TrainingSpeed {
  /** Images a second: forward, backward and the optimiser's step. */
  readonly imagesPerSecond: number;
  /** The cell that was trained: the first of those of median cost. */
  readonly architecture: number;
  readonly shape: NetworkShape;
  /** Images a step. */
  readonly batchSize: number;
}

const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
const BATCH = 64;
const WARM_UP_MS = 500;
const MEASURED_MS = 1000;

/** The first cell that costs as many multiply-accumulates as the median over all architectures. */
export function medianCell(shape: NetworkShape): number {
  const macs = Array.from({ length: ARCHITECTURE_COUNT }, (_, at) => networkMacs(shape, trainedEdges(at)));
  const sorted = macs.toSorted((a, b) => a - b);
  return macs.indexOf(sorted[(ARCHITECTURE_COUNT - 1) / 2] as number);
}

/** Steps during so many milliseconds, at least one, and how long they took. */
function stepsDuring(milliseconds: number, step: () => unknown): { steps: number; seconds: number } {
  const start = performance.now();
  let steps = 0;
  let elapsed = 0;
  do {
    step();
    steps++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return { steps, seconds: elapsed / 1000 };
}

/** Measures for about a second how fast a network of the median cell is trained. For information only: clocks decide it. */
export function trainingSpeed(operations: Operations): TrainingSpeed {
  const architecture = medianCell(SHAPE);
  const trained = new TrainedNetwork(operations, SHAPE, trainedEdges(architecture), randomImages(SHAPE, BATCH));
  operations.phase = "train";
  stepsDuring(WARM_UP_MS, () => trained.step());
  const { steps, seconds } = stepsDuring(MEASURED_MS, () => trained.step());
  trained.dispose();
  return { imagesPerSecond: (steps * BATCH) / seconds, architecture, shape: SHAPE, batchSize: BATCH };
}
