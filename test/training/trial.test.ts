import { beforeAll, describe, expect, test } from "vitest";
import { classMembers, classOf } from "../../core/space/classes.ts";
import { isReachable } from "../../core/space/reachability.ts";
import { type OpenBackend, openBackend } from "../../core/training/backend.ts";
import { BatchMaker } from "../../core/training/image-stream.ts";
import { learningRateOf } from "../../core/training/learning-rate.ts";
import type { Network } from "../../core/training/network.ts";
import {
  type EpochReport,
  networkShape,
  SPLITS,
  type TrialResult,
  trainedEdges,
  trainTrial,
} from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { DIVERGING_RECIPE, TOY_RECIPES, toyImages, toyRecipe } from "../helpers/toy-dataset.ts";

const [SHORT, FULL] = TOY_RECIPES as [(typeof TOY_RECIPES)[0], (typeof TOY_RECIPES)[0]];
const ALL_3X3 = 1462;
const ALL_NONE = 1651;
const images = toyImages();
let backend: OpenBackend;
let operations: WasmOperations;

beforeAll(async () => {
  backend = await openBackend("wasm");
  operations = new WasmOperations(backend);
});

const train = (recipe = SHORT, architecture = 0, seed = 1) =>
  trainTrial(operations, images, recipe, architecture, seed);

/** All bits of a result. */
function bitsOf({ curves, ...rest }: TrialResult): unknown {
  const bits = SPLITS.flatMap((split) => [curves[split].loss, curves[split].accuracy]).map((values) => [
    ...new Uint32Array(values.buffer),
  ]);
  return { bits, ...rest };
}

describe("the same inputs", () => {
  test("give the same curves and weights, bit for bit", () => {
    for (const recipe of [SHORT, FULL]) expect(bitsOf(train(recipe))).toEqual(bitsOf(train(recipe)));
  });

  test("give them from operations of their own, after other trainings", () => {
    const before = bitsOf(train(SHORT, ALL_3X3));
    train(FULL, 19, 5);
    expect(bitsOf(trainTrial(new WasmOperations(backend), toyImages(), SHORT, ALL_3X3, 1))).toEqual(before);
  });

  test("but another seed, cell or recipe gives other ones", () => {
    const hashes = [train(), train(SHORT, 0, 2), train(SHORT, ALL_3X3), train(FULL)].map(
      ({ weightsSha256 }) => weightsSha256,
    );
    expect(new Set(hashes).size).toBe(4);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("edges that lead nowhere", () => {
  test("are not trained: a cell with dead branches ends with the weights of its class's representative", () => {
    const [dead, representative] = [29, 19];
    expect(classOf(dead)).toBe(representative);
    const names: string[] = [];
    const result = trainTrial(operations, images, SHORT, dead, 1, undefined, ({ parameters }) => {
      names.push(...parameters.map(({ name }) => name));
    });
    expect(bitsOf(result)).toEqual(bitsOf(train(SHORT, representative)));
    // Of six edges a convolution is left on the first only; the others are poolings, or dead.
    expect(names.filter((name) => name.startsWith("stage0.cell0"))).toEqual([
      "stage0.cell0.edge0.weights",
      "stage0.cell0.edge0.gamma",
      "stage0.cell0.edge0.beta",
    ]);
  });

  test("a cell whose output nothing reaches trains, and predicts one class for all images", () => {
    const unreachable = [ALL_NONE, ...classMembers(10).slice(0, 2)];
    for (const architecture of unreachable) {
      expect(isReachable(architecture)).toBe(false);
      expect(trainedEdges(architecture)).toEqual([null, null, null, null, null, null]);
    }
    const results = unreachable.map((architecture) => train(SHORT, architecture));
    for (const result of results) {
      expect(bitsOf(result)).toEqual(bitsOf(results[0]!));
      expect(result.hasDiverged).toBe(false);
      // The classes are of one size.
      expect(result.curves.test.accuracy.at(-1)).toBe(Math.fround(100 / 3));
    }
  });
});

describe("curves", () => {
  test("hold what was reported after each epoch", () => {
    const reports: EpochReport[] = [];
    const { curves } = trainTrial(operations, images, SHORT, 0, 1, (report) => reports.push(report));
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const { epoch, learningRate, splits } of reports) {
      expect(learningRate).toBe(learningRateOf(SHORT.optimiser, epoch - 1, 2));
      for (const split of SPLITS) {
        expect(curves[split].loss[epoch - 1]).toBe(Math.fround(splits[split].loss));
        expect(curves[split].accuracy[epoch - 1]).toBe(Math.fround(splits[split].accuracy));
      }
    }
    for (const split of SPLITS) expect(curves[split].loss).toHaveLength(2);
  });

  test("are measured on the recipe's subset, and after the last epoch on all validation and test images", () => {
    const evaluation = { batchNorm: "running", batchSize: 16, train: 5, valid: 7, test: 3 } as const;
    const { curves } = train(toyRecipe({ evaluation, epochs: 3 }));
    const counts = { train: [5, 5, 5], valid: [7, 7, 24], test: [3, 3, 24] };
    for (const split of SPLITS) {
      for (const [epoch, count] of counts[split].entries()) {
        const correct = (curves[split].accuracy[epoch]! * count) / 100;
        expect(Math.abs(correct - Math.round(correct)), `${split} ${epoch}`).toBeLessThan(1e-5);
        expect(curves[split].accuracy[epoch]).toBe(Math.fround((100 * Math.round(correct)) / count));
      }
    }
  });

  test.each(["running", "batch"] as const)("equal an evaluation by one batch (%s statistics)", (batchNorm) => {
    // By batch statistics only a batch of all images can be compared.
    const evaluation = { batchNorm, batchSize: batchNorm === "running" ? 7 : 24, train: 16, valid: 12, test: null };
    let [loss, accuracy] = [0, 0];
    const measure = ({ forward, head }: Network) => {
      const { pixels, shape, labels } = new BatchMaker(images.valid, FULL.normalization).range(0, 24);
      const batch = operations.batch(pixels, shape, labels);
      const result = operations.evaluate(forward, head, batch);
      batch.images.dispose();
      batch.labels.dispose();
      [loss, accuracy] = [result.loss, (100 * result.correct) / 24];
    };
    const recipe = { ...FULL, evaluation };
    const { curves } = trainTrial(operations, images, recipe, 0, 1, undefined, measure);
    expect(curves.valid.loss.at(-1)).toBeCloseTo(loss, 5);
    expect(curves.valid.accuracy.at(-1)).toBe(Math.fround(accuracy));
  });

  test("of a longer training show that it learns", () => {
    const { curves, hasDiverged } = train({ ...FULL, epochs: 12 }, ALL_3X3);
    expect(hasDiverged).toBe(false);
    expect(curves.train.loss.at(-1)).toBeLessThan(0.1);
    expect(curves.test.accuracy.at(-1)).toBeGreaterThan(90);
  });
});

describe("a training that diverges", () => {
  test("goes on to its end, is marked, and ends with the same weights every time", () => {
    const result = train(DIVERGING_RECIPE, ALL_3X3);
    expect(result.hasDiverged).toBe(true);
    for (const split of SPLITS) {
      expect(result.curves[split].loss).toHaveLength(3);
      expect(result.curves[split].loss.at(-1)).toBeNaN();
      for (const accuracy of result.curves[split].accuracy) {
        expect(accuracy).toBeGreaterThanOrEqual(0);
        expect(accuracy).toBeLessThanOrEqual(100);
      }
    }
    expect(bitsOf(train(DIVERGING_RECIPE, ALL_3X3))).toEqual(bitsOf(result));
  });

  test("has the same bits in every NaN, which processors do not agree on", () => {
    const { curves } = train(DIVERGING_RECIPE, ALL_3X3);
    const bits = SPLITS.flatMap((split) => [...new Uint32Array(curves[split].loss.buffer)]);
    const values = SPLITS.flatMap((split) => [...curves[split].loss]);
    expect(bits.filter((_, at) => Number.isNaN(values[at]))).not.toEqual([]);
    for (const [at, own] of bits.entries()) if (Number.isNaN(values[at])) expect(own).toBe(0x7fc00000);
  });

  test("is marked too if a loss was out of range only once", () => {
    const optimiser = { ...SHORT.optimiser, learningRate: 1e3 };
    const once = train({ ...DIVERGING_RECIPE, optimiser }, ALL_3X3);
    expect(once.curves.train.loss[0]).toBeNaN();
    expect(once.curves.train.loss[2]).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(once.hasDiverged).toBe(true);
  });

  test("does not disturb the next one", () => {
    const before = bitsOf(train());
    train(DIVERGING_RECIPE, ALL_3X3);
    expect(bitsOf(train())).toEqual(before);
  });
});

describe("memory", () => {
  test("is given back, also by a training that is broken off", () => {
    const tensors = () => backend.tf.memory().numTensors;
    const before = tensors();
    train();
    expect(tensors()).toBe(before);
    const stop = () => {
      throw new Error("enough");
    };
    expect(() => trainTrial(operations, images, SHORT, 0, 1, stop)).toThrow("enough");
    expect(tensors()).toBe(before);
  });
});

describe("images that the network can't halve twice", () => {
  test.each([6, 9, 30])("%i pixels wide are refused", (size) => {
    const error = harnessErrorOf(() => networkShape(SHORT, { ...images.train, size }));
    expect(error.code).toBe("NAS_TRAINING_SHAPE");
    expect(error.details.what).toContain(`${size}x${size} pixels`);
    expect(error.details.allowed).toContain("multiple of 4");
  });

  test("28 pixels are fine", () => {
    expect(networkShape(SHORT, { ...images.train, size: 28 })).toEqual({
      channels: 8,
      cellsPerStage: 1,
      imageSize: 28,
      imageChannels: 1,
      classes: 3,
    });
  });
});
