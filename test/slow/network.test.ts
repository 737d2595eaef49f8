import { describe, expect, test } from "vitest";
import { operationsOf, parseArchitecture } from "../../core/space/codec.ts";
import { parametersOf } from "../../core/space/network-size.ts";
import { openBackend } from "../../core/training/backend.ts";
import { initialWeights } from "../../core/training/initial-weights.ts";
import { Network, type NetworkShape } from "../../core/training/network.ts";
import type { Norm } from "../../core/training/operations.ts";
import { type Images, randomImages, TrainedNetwork } from "../../core/training/self-check/trained-network.ts";
import { StockOperations } from "../../core/training/stock-operations.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { LayersNetwork } from "../training/layers-network.ts";

const open = await openBackend("wasm");
const { tf } = open;
const fused = new WasmOperations(open);
const stock = new StockOperations(open);

const SMALL: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
const STEPS = 3;
const ALL_3X3 = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";
const POOLS_AND_SKIPS =
  "|skip_connect~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|nor_conv_1x1~0|avg_pool_3x3~1|skip_connect~2|";
/** Nothing leaves node 1, so the convolution into it is dead. */
const DEAD_EDGE = "|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|";

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let at = 0; at < actual.length; at++) {
    const difference = Math.abs((actual[at] as number) - (expected[at] as number));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** Relative to the largest expected magnitude where that is above 1. */
function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return largestDifference(actual, expected) / scale;
}

interface Course {
  readonly start: ReadonlyMap<string, Float32Array>;
  readonly losses: readonly number[];
  readonly afterFirst: ReadonlyMap<string, Float32Array>;
  readonly norms: ReadonlyMap<string, Norm>;
  readonly finalLoss: number;
}

/** Steps of the fused network in one BN mode; the last loss is an evaluation in that mode. */
async function fusedCourse(architecture: string, images: Images, mode: "running" | "batch"): Promise<Course> {
  await tf.setBackend("wasm");
  fused.phase = mode === "running" ? "train" : "batch";
  const trained = new TrainedNetwork(fused, SMALL, trainedEdges(parseArchitecture(architecture)), images);
  const start = trained.weights();
  const losses = [trained.step().loss];
  const afterFirst = trained.weights();
  while (losses.length < STEPS) losses.push(trained.step().loss);
  fused.phase = mode;
  const finalLoss = trained.evaluate().loss;
  trained.dispose();
  return { start, losses, afterFirst, norms: trained.network.norms, finalLoss };
}

/** Pixels of all images of a batch of 16 that a layer's BN sees; by its name. */
function rowsOf(layer: string): number {
  const stage = layer === "last" ? 2 : Number(/\d/.exec(layer)?.[0] ?? 0);
  return 16 * [64, 16, 4][stage]!;
}

/**
 * Running variances as PyTorch has them, of the unbiased variance, from those of tf.layers, which are of the biased one:
 * average = what is left of the initial 1, and the part of the batches.
 */
function unbiased(averages: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const left = 0.9 ** STEPS;
  return new Map(
    [...averages]
      .filter(([name]) => name.endsWith(".variance"))
      .map(([name, variances]) => {
        const rows = rowsOf(name.slice(0, -".variance".length));
        return [name, variances.map((variance) => left + ((variance - left) * rows) / (rows - 1))];
      }),
  );
}

describe.each([
  ["all 3x3", ALL_3X3],
  ["pooling and skips", POOLS_AND_SKIPS],
  ["a dead edge", DEAD_EDGE],
])("%s: three steps on 16 images as the network made of tf.layers on the cpu backend", (_title, architecture) => {
  test("losses, weights and running averages in both BN modes", async () => {
    const images = randomImages(SMALL, 16);
    const running = await fusedCourse(architecture, images, "running");
    const batch = await fusedCourse(architecture, images, "batch");

    await tf.setBackend("cpu");
    const layers = new LayersNetwork(tf, SMALL, operationsOf(parseArchitecture(architecture)));
    layers.assign(running.start);
    const [x, y] = [tf.tensor(images.pixels, [...images.shape]), tf.tensor1d(images.labels, "int32")];
    for (let step = 0; step < STEPS; step++) {
      const loss = layers.trainStep(x, y, { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 });
      expect(Math.abs(running.losses[step]! - loss)).toBeLessThan(1e-4);
      expect(Math.abs(batch.losses[step]! - loss)).toBeLessThan(1e-4);
      if (step > 0) continue;
      const weights = layers.values();
      for (const [name, values] of running.afterFirst) {
        expect(largestDifference(values, weights.get(name) ?? []), name).toBeLessThan(1e-5);
        expect(largestDifference(batch.afterFirst.get(name)!, weights.get(name)!), name).toBeLessThan(1e-5);
        expect(largestDifference(values, running.start.get(name)!), `${name} moved`).toBeGreaterThan(0);
      }
    }
    const averages = layers.values();
    const variances = unbiased(averages);
    for (const [name, { mean, variance }] of running.norms) {
      expect(largestDifference(mean, averages.get(`${name}.mean`)!), name).toBeLessThan(1e-5);
      expect(largestDifference(variance, variances.get(`${name}.variance`)!), name).toBeLessThan(1e-5);
    }
    // Without running averages nothing touches them.
    for (const { mean, variance } of batch.norms.values()) {
      expect(mean.every((value) => value === 0) && variance.every((value) => value === 1)).toBe(true);
    }
    expect(Math.abs(batch.finalLoss - layers.loss(x, y, true))).toBeLessThan(1e-4);
    layers.assign(new Map([...averages, ...variances]));
    expect(Math.abs(running.finalLoss - layers.loss(x, y, false))).toBeLessThan(1e-4);
    layers.dispose();
    tf.dispose([x, y]);
  });
});

describe("the fused and the stock network agree", () => {
  /** Ten to a hundred roundings of 6e-8 through twenty layers and two steps. */
  const tolerance = 2e-5;

  test.each([
    [ALL_3X3, 8, 8, 1, 1, 3],
    [POOLS_AND_SKIPS, 8, 12, 3, 2, 4],
    ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", 8, 8, 3, 1, 2],
    [
      "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|skip_connect~0|skip_connect~1|nor_conv_1x1~2|",
      16,
      12,
      1,
      1,
      2,
    ],
    [DEAD_EDGE, 16, 8, 3, 1, 3],
    ["|skip_connect~0|+|none~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|", 16, 12, 3, 1, 2],
  ])("%s with C=%i, images of %i pixels and %i channels, %i cells a stage, batch %i", async (...each) => {
    const [architecture, channels, imageSize, imageChannels, cellsPerStage, batch] = each;
    const shape = { channels, cellsPerStage, imageSize, imageChannels, classes: 10 };
    const images = randomImages(shape, batch);
    const edges = trainedEdges(parseArchitecture(architecture));
    const courses = [];
    for (const [backend, operations] of [
      ["wasm", fused],
      ["cpu", stock],
    ] as const) {
      await tf.setBackend(backend);
      operations.phase = "batch";
      const trained = new TrainedNetwork(operations, shape, edges, images);
      const { gradients, ...first } = trained.gradients();
      operations.phase = "train";
      const results = [first, trained.step(), trained.step()];
      const weights = trained.weights();
      for (const phase of ["running", "batch"] as const) {
        operations.phase = phase;
        results.push(trained.evaluate());
      }
      trained.dispose();
      courses.push({ gradients, results, weights, norms: trained.network.norms });
    }
    const [actual, expected] = courses as [(typeof courses)[0], (typeof courses)[0]];
    expect(actual.results.map(({ correct }) => correct)).toEqual(expected.results.map(({ correct }) => correct));
    const losses = (course: typeof actual) => course.results.map(({ loss }) => loss);
    expect(relativeDifference(losses(actual), losses(expected))).toBeLessThan(tolerance);
    expect(actual.gradients).toHaveLength(expected.gradients.length);
    for (const [at, gradient] of expected.gradients.entries()) {
      expect(relativeDifference(actual.gradients[at]!, gradient)).toBeLessThan(tolerance);
    }
    for (const [name, values] of expected.weights) {
      expect(relativeDifference(actual.weights.get(name)!, values), name).toBeLessThan(tolerance);
    }
    for (const [name, { mean, variance }] of expected.norms) {
      expect(relativeDifference(actual.norms.get(name)!.mean, mean), name).toBeLessThan(tolerance);
      expect(relativeDifference(actual.norms.get(name)!.variance, variance), name).toBeLessThan(tolerance);
    }
  });
});

describe("parameters", () => {
  const BENCHMARK: NetworkShape = { channels: 16, cellsPerStage: 5, imageSize: 32, imageChannels: 3, classes: 10 };

  test.each([0, 11, 1462, 15_624])("architecture %i has as many as the benchmark's file says", async (architecture) => {
    await tf.setBackend("cpu");
    const network = new Network(stock, BENCHMARK, operationsOf(architecture), 0);
    const count = network.parameters.reduce((sum, { tensor }) => sum + tensor.size, 0);
    network.dispose();
    expect(count).toBe(parametersOf(architecture, { classes: 10, imageSize: 32 }));
  });

  test("have unique names, and a layer starts the same in every architecture", async () => {
    await tf.setBackend("cpu");
    const [all, other] = [ALL_3X3, DEAD_EDGE].map((architecture) => {
      const network = new Network(stock, SMALL, trainedEdges(parseArchitecture(architecture)), 5);
      const values = network.parameters.map(({ name, tensor }) => [name, tensor.dataSync().slice()] as const);
      network.dispose();
      return values;
    });
    const byName = new Map(all);
    expect(byName.size).toBe(all!.length);
    const shared = other!.filter(([name]) => byName.get(name)?.length === new Map(other).get(name)?.length);
    expect(shared.map(([name]) => name)).toContain("stage2.cell0.edge5.weights");
    for (const [name, values] of shared) expect(values, name).toEqual(byName.get(name));
  });

  test("initial weights fill ±1/sqrt(fan-in) evenly and depend on trial seed and layer", () => {
    const weights = initialWeights(3, "stem.weights", 20_000, 72);
    const bound = 1 / Math.sqrt(72);
    expect(Math.max(...weights)).toBeLessThanOrEqual(bound);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(-bound);
    const mean = weights.reduce((sum, value) => sum + value, 0) / weights.length;
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length;
    // Five standard errors of a uniform distribution's mean and variance.
    expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * weights.length));
    expect(Math.abs(variance / ((bound * bound) / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / weights.length));
    expect(initialWeights(3, "stem.weights", 10, 72)).toEqual(weights.slice(0, 10));
    expect(initialWeights(4, "stem.weights", 10, 72)).not.toEqual(weights.slice(0, 10));
    expect(initialWeights(3, "head.weights", 10, 72)).not.toEqual(weights.slice(0, 10));
  });
});
