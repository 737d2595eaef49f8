import { beforeEach, describe, expect, test } from "vitest";
import type { Operation } from "../../core/space/operations.ts";
import { openBackend } from "../../core/training/backend.ts";
import { ArenaValue } from "../../core/training/kernel-memory.ts";
import { Network, type NetworkShape } from "../../core/training/network.ts";
import type { Norm, Operations, Value } from "../../core/training/operations.ts";
import { randomImages, TrainedNetwork } from "../../core/training/self-check/trained-network.ts";
import { StockOperations } from "../../core/training/stock-operations.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";

const open = await openBackend("wasm");
const { tf } = open;
const fused = new WasmOperations(open);
const stock = new StockOperations(open);

const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 3, classes: 4 };
const MIXED: readonly (Operation | null)[] = [
  ...(["nor_conv_3x3", "avg_pool_3x3", "nor_conv_1x1"] as const),
  ...(["skip_connect", "nor_conv_3x3", "skip_connect"] as const),
];
const DEAD: readonly null[] = [null, null, null, null, null, null];

beforeEach(async () => {
  await tf.setBackend("wasm");
  fused.phase = "train";
  stock.phase = "train";
});

function norm(channels: number): Norm {
  return {
    gamma: fused.parameter(new Float32Array(channels).fill(1), [channels]),
    beta: fused.parameter(new Float32Array(channels), [channels]),
    mean: new Float32Array(channels),
    variance: new Float32Array(channels).fill(1),
  };
}

function zeros(...shape: number[]): Value {
  return fused.parameter(new Float32Array(shape.reduce((product, length) => product * length, 1)), shape);
}

describe("shapes that the kernels can't take are refused", () => {
  const convolve = (x: Value, size: number, outChannels: number, stride = 1) =>
    fused.convolutionNorm(
      x,
      fused.parameter(new Float32Array(size * size * x.shape[3]! * outChannels), [
        ...[size, size],
        ...[x.shape[3]!, outChannels],
      ]),
      norm(outChannels),
      { stride, relu: true },
    );

  test.each<[string, () => unknown, string, string]>([
    ["12 output channels", () => convolve(zeros(4, 4, 2, 8), 3, 12), "12 channels", "8 or a multiple of 16"],
    ["24 output channels", () => convolve(zeros(4, 4, 2, 8), 1, 24), "24 channels", "8 or a multiple of 16"],
    ["4 output channels", () => convolve(zeros(4, 4, 2, 8), 3, 4), "4 channels", "8 or a multiple of 16"],
    ["odd pixels at 8 channels", () => convolve(zeros(5, 5, 3, 8), 3, 8), "pixels (75)", "an even one"],
    ["odd pixels behind a stride", () => convolve(zeros(5, 6, 1, 8), 3, 8, 2), "pixels (9)", "an even one"],
    ["3 input channels in a cell", () => convolve(zeros(4, 4, 2, 3), 3, 8), "3 input channels", "a multiple of 8"],
    [
      "the first layer's output channels",
      () => fused.stem(zeros(4, 4, 2, 1) as never, zeros(3, 3, 1, 12) as never, norm(12)),
      "12 channels",
      "8 or a multiple of 16",
    ],
    [
      "pooling 3 channels",
      () => fused.averagePool(zeros(4, 4, 2, 3), { size: 3, stride: 1, padding: 1 }),
      "3 input",
      "8",
    ],
    [
      "a pointwise convolution to 12",
      () => fused.pointwise(zeros(2, 2, 2, 8), zeros(1, 1, 8, 12) as never),
      "12",
      "16",
    ],
    [
      "a pointwise convolution from 4",
      () => fused.pointwise(zeros(2, 2, 2, 4), zeros(1, 1, 4, 8) as never),
      "4 input",
      "8",
    ],
    ["BN of 24 channels at the end", () => fused.normReluMean(zeros(2, 2, 2, 24), norm(24)), "24 channels", "16"],
    ["BN of odd pixels at the end", () => fused.normReluMean(zeros(3, 3, 1, 8), norm(8)), "pixels (9)", "even"],
  ])("%s", (_title, action, what, allowed) => {
    const error = harnessErrorOf(action);
    expect(error.code).toBe("NAS_TRAINING_SHAPE");
    expect(error.exitCode).toBe(2);
    expect(error.details.what).toContain(what);
    expect(error.details.allowed).toContain(allowed);
    expect(error.details.next).toContain("cpu backend");
  });

  test("in a network's step and evaluation too; the next network works", () => {
    const narrow = { ...SHAPE, channels: 12 };
    const trained = new TrainedNetwork(fused, narrow, MIXED, randomImages(narrow, 2));
    expect(harnessErrorOf(() => trained.step()).code).toBe("NAS_TRAINING_SHAPE");
    expect(harnessErrorOf(() => trained.evaluate()).code).toBe("NAS_TRAINING_SHAPE");
    trained.dispose();
    const fine = new TrainedNetwork(fused, SHAPE, MIXED, randomImages(SHAPE, 2));
    expect(fine.step().loss).toBeGreaterThan(0);
    fine.dispose();
  });

  test("but the stock operations take them", async () => {
    await tf.setBackend("cpu");
    const narrow = { ...SHAPE, channels: 2, imageSize: 4 };
    const trained = new TrainedNetwork(stock, narrow, MIXED, randomImages(narrow, 3));
    const first = trained.step().loss;
    for (let step = 0; step < 5; step++) trained.step();
    expect(trained.evaluate().loss).toBeLessThan(first);
    trained.dispose();
  });
});

describe.each<["wasm" | "cpu", Operations]>([
  ["wasm", fused],
  ["cpu", stock],
])("on the backend %s", (backend, operations) => {
  beforeEach(async () => {
    await tf.setBackend(backend);
  });

  test("no tensor is left behind: not by steps or evaluations, and none by a disposed network", () => {
    const before = tf.memory();
    const trained = new TrainedNetwork(operations, SHAPE, MIXED, randomImages(SHAPE, 2));
    trained.step();
    const during = tf.memory();
    for (let step = 0; step < 3; step++) {
      trained.step();
      trained.gradients();
      for (const phase of ["running", "batch", "train"] as const) {
        operations.phase = phase;
        trained.evaluate();
      }
    }
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    expect({ numTensors, numBytes, numDataBuffers }).toEqual({
      numTensors: during.numTensors,
      numBytes: during.numBytes,
      numDataBuffers: during.numDataBuffers,
    });
    trained.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  test("in a cell that nothing gets through, only what the loss depends on is moved, weight decay included", () => {
    const trained = new TrainedNetwork(operations, SHAPE, DEAD, randomImages(SHAPE, 2));
    const start = trained.weights();
    const { gradients } = trained.gradients();
    trained.step();
    const moved = [...trained.weights()].filter(([name, values]) =>
      values.some((value, at) => value !== start.get(name)![at]),
    );
    // The last cell gives zeros, at which ReLU passes no gradient: only the bias learns. What lies between decays.
    expect(moved.map(([name]) => name).sort()).toEqual(["head.bias", "head.weights", "last.gamma"]);
    const used = trained.network.parameters.filter((_, at) => gradients[at]!.some((value) => value !== 0));
    expect(used.map(({ name }) => name)).toEqual(["head.bias"]);
    trained.dispose();
  });

  test("a step only moves running averages in the phase train, an evaluation only in that phase too", () => {
    const trained = new TrainedNetwork(operations, SHAPE, MIXED, randomImages(SHAPE, 2));
    const averages = () => [...trained.network.norms.values()].map(({ mean, variance }) => [...mean, ...variance]);
    const start = averages();
    operations.phase = "batch";
    trained.step();
    trained.evaluate();
    operations.phase = "running";
    trained.evaluate();
    expect(averages()).toEqual(start);
    operations.phase = "train";
    trained.step();
    expect(averages()).not.toEqual(start);
    trained.dispose();
  });

  test("a network that diverges says so: its losses are no numbers, in every phase", () => {
    const settings = { learningRate: 1e20, momentum: 0.9, weightDecay: 0 };
    const trained = new TrainedNetwork(operations, SHAPE, MIXED, randomImages(SHAPE, 2), settings);
    expect(Number.isFinite(trained.step().loss)).toBe(true);
    for (let step = 0; step < 3; step++) trained.step();
    expect(trained.step().loss).toBeNaN();
    for (const phase of ["running", "batch"] as const) {
      operations.phase = phase;
      expect(trained.evaluate().loss).toBeNaN();
    }
    trained.dispose();
  });
});

test("a network learns a batch by heart", () => {
  const settings = { learningRate: 0.05, momentum: 0.9, weightDecay: 0 };
  const trained = new TrainedNetwork(fused, SHAPE, MIXED, randomImages(SHAPE, 8), settings);
  for (let step = 0; step < 12; step++) trained.step();
  const { loss, correct } = trained.evaluate();
  expect(correct).toBe(8);
  expect(loss).toBeLessThan(0.2);
  trained.dispose();
});

test("an evaluation by running averages is the mean over its parts, however large: memory grows while it runs", () => {
  const images = randomImages(SHAPE, 600);
  const whole = new TrainedNetwork(fused, SHAPE, MIXED, randomImages(SHAPE, 8));
  whole.step();
  fused.phase = "running";
  const { network } = whole;
  const evaluate = (from: number, to: number) => {
    const size = 8 * 8 * 3;
    const pixels = images.pixels.slice(from * size, to * size);
    const batch = fused.batch(pixels, [to - from, 8, 8, 3], images.labels.slice(from, to));
    const result = fused.evaluate(network.forward, network.head, batch);
    tf.dispose([batch.images, batch.labels]);
    return result;
  };
  const all = evaluate(0, 600);
  const parts = [
    [0, 1],
    [1, 8],
    [8, 333],
    [333, 600],
  ].map(([from, to]) => ({ count: to! - from!, ...evaluate(from!, to!) }));
  expect(parts.reduce((sum, { correct }) => sum + correct, 0)).toBe(all.correct);
  const mean = parts.reduce((sum, { loss, count }) => sum + loss * count, 0) / 600;
  expect(Math.abs(mean - all.loss)).toBeLessThan(1e-6);
  whole.dispose();
});

test("memory is used again: a thousand steps need no more than the first two", () => {
  const trained = new TrainedNetwork(fused, SHAPE, MIXED, randomImages(SHAPE, 4));
  trained.step();
  trained.step();
  const memory = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
  const before = memory();
  for (let step = 0; step < 1000; step++) trained.step();
  expect(memory()).toBe(before);
  trained.dispose();
});

test("gradients by running averages are refused: the kernels have none", () => {
  const trained = new TrainedNetwork(fused, SHAPE, MIXED, randomImages(SHAPE, 2));
  fused.phase = "running";
  expect(harnessErrorOf(() => trained.step()).code).toBe("NAS_INTERNAL");
  trained.dispose();
});

test("zeros are zeros, of the same shape and in memory that was used before", () => {
  const trained = new TrainedNetwork(fused, SHAPE, MIXED, randomImages(SHAPE, 2));
  trained.step();
  trained.dispose();
  const network = new Network(fused, SHAPE, DEAD, 0);
  const images = randomImages(SHAPE, 2);
  const batch = fused.batch(images.pixels, images.shape, images.labels);
  let features: Value | null = null;
  const forward = (pixels: typeof batch.images) => {
    features = network.forward(pixels);
    return features;
  };
  fused.phase = "batch";
  const { loss } = fused.evaluate(forward, network.head, batch);
  expect(features).toBeInstanceOf(ArenaValue);
  // Zeros normalised, shifted by zero, stay zeros: the logits are the bias.
  const bias = [...network.head.bias.dataSync()];
  const sum = bias.reduce((total, value) => total + Math.exp(value), 0);
  const expected = [0, 1].reduce((total, label) => total + (Math.log(sum) - bias[label]!) / 2, 0);
  expect(Math.abs(loss - expected)).toBeLessThan(1e-6);
  network.dispose();
  tf.dispose([batch.images, batch.labels]);
});
