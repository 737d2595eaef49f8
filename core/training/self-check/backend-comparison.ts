import { parseArchitecture } from "../../space/codec.ts";
import type { NetworkShape } from "../network.ts";
import type { Operations } from "../operations.ts";
import { trainedEdges } from "../trial.ts";
import { randomImages, TrainedNetwork } from "./trained-network.ts";

/** How far a backend may be from the reference: absolute, in float32 through twenty layers. */
export const TOLERANCES = { loss: 1e-4, gradients: 1e-4, weights: 1e-5 } as const;

/** What is compared. weights are parameters and running averages after one step. */
export type ComparedPart = keyof typeof TOLERANCES;

/** Largest absolute difference by part; NaN where a number is none. */
export type Differences = Readonly<Record<ComparedPart, number>>;

/** The cells whose networks are compared: only 3x3 convolutions; every operation; a convolution that leads nowhere. */
export const COMPARED_CELLS = [
  "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
  "|skip_connect~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|nor_conv_1x1~0|avg_pool_3x3~1|skip_connect~2|",
  "|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|",
] as const;

const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
/** Images; the reference is slow. */
const BATCH = 4;

/** Numbers of one network's course, by part. */
export type Course = Readonly<Record<ComparedPart, readonly ArrayLike<number>[]>>;

/** Gradients of a network, one step, and the losses before it and after it by running averages and by the batch. */
export function courseOf(operations: Operations, architecture: string): Course {
  const trained = new TrainedNetwork(
    operations,
    SHAPE,
    trainedEdges(parseArchitecture(architecture)),
    randomImages(SHAPE, BATCH),
  );
  operations.phase = "batch";
  const { gradients, loss } = trained.gradients();
  operations.phase = "train";
  const losses = [loss, trained.step().loss];
  for (const phase of ["running", "batch"] as const) {
    operations.phase = phase;
    losses.push(trained.evaluate().loss);
  }
  const averages = [...trained.network.norms.values()].flatMap(({ mean, variance }) => [mean, variance]);
  const weights = [...trained.weights().values(), ...averages];
  trained.dispose();
  return { loss: [losses], gradients, weights };
}

function largestDifference(actual: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const [at, values] of expected.entries()) {
    for (let index = 0; index < values.length; index++) {
      const difference = Math.abs((actual[at]?.[index] ?? Number.NaN) - (values[index] as number));
      if (Number.isNaN(difference)) return Number.NaN;
      if (difference > largest) largest = difference;
    }
  }
  return largest;
}

/** Largest differences between courses of the same cells. */
export function differencesOf(actual: readonly Course[], expected: readonly Course[]): Differences {
  const of = (part: ComparedPart) =>
    largestDifference(
      actual.flatMap((course) => course[part]),
      expected.flatMap((course) => course[part]),
    );
  return { loss: of("loss"), gradients: of("gradients"), weights: of("weights") };
}

/** The parts that differ by more than their tolerance, or by no number. */
export function partsOutOfTolerance(differences: Differences): ComparedPart[] {
  const parts = Object.keys(TOLERANCES) as ComparedPart[];
  return parts.filter((part) => !(differences[part] <= TOLERANCES[part]));
}
