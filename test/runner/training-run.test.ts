import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { MADE_UP_RECIPE, madeUpImages, madeUpTraining } from "../../core/conformance/made-up-training.ts";
import type { Algorithm } from "../../core/plugins/algorithm.ts";
import { defineAlgorithm, type ImageBatch, type Supernet, type TrainingContext } from "../../core/public-entry.ts";
import { makeRecord } from "../../core/records/record.ts";
import { executeTrainingRun } from "../../core/runner/training-run.ts";
import { runTraining } from "../../core/testing-entry.ts";
import { openBackend } from "../../core/training/backend.ts";
import { operationsOn } from "../../core/training/backend-operations.ts";
import { DEFAULT_PASS_COST } from "../../core/training/search/training-clock.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const SIZE = { channels: 8, cellsPerStage: 1, affine: false, batchStatistics: true } as const;
const STEP = { learningRate: 0.05, momentum: 0.9, weightDecay: 0, clipNorm: null } as const;
const PATH_MODE = { kind: "path", architecture: 1462 } as const;

interface Hold {
  readonly context: TrainingContext;
  readonly supernet: Supernet;
  readonly epoch: number;
}

/** A method of three epochs, of which each does one honest step and something of its own. */
function method(misdeed: (hold: Hold) => void, changes: Record<string, unknown> = {}): Algorithm {
  return defineAlgorithm({
    train: (context) => {
      const supernet = context.training.supernet(SIZE);
      return {
        epochs: 5,
        trainEpoch(epoch: number) {
          supernet.step(PATH_MODE, context.training.images.train.next(16, false), STEP);
          misdeed({ context, supernet, epoch });
          return { architecture: 7, parameters: [], figures: {} };
        },
        answer: () => 7,
        save: () => null,
        restore() {},
        ...changes,
      };
    },
  });
}

const failureOf = async (algorithm: Algorithm, training = {}) =>
  (await madeUpTraining(algorithm, { options: {}, ...training }, "bad-method")).outcome.failure;

describe("a method that breaks the rules fails its run, which names it", () => {
  test.each<[string, string, (hold: Hold) => void, RegExp]>([
    [
      "asks for test images",
      "NAS_TRAINING_SPLIT",
      ({ context }) => (context.training.images as unknown as { test: unknown }).test,
      /^bad-method: the method asks for test images \(run 0, after 0 epochs\)$/,
    ],
    [
      "asks for test images and hides the error",
      "NAS_TRAINING_SPLIT",
      ({ context }) => {
        try {
          (context.training.images as unknown as { test: unknown }).test;
        } catch {}
      },
      /asks for test images/,
    ],
    [
      "changes training images",
      "NAS_TRAINING_IMAGES",
      ({ context }) => {
        context.training.images.train.images.pixels[5]! ^= 1;
      },
      /^bad-method: the method changed the train images/,
    ],
    [
      "changes validation labels",
      "NAS_TRAINING_IMAGES",
      ({ context }) => {
        context.training.images.valid.images.labels[0] = 3 - (context.training.images.valid.images.labels[0] as number);
      },
      /changed the valid images/,
    ],
    [
      "produces weights that are no numbers",
      "NAS_TRAINING_NAN",
      ({ supernet }) => supernet.setWeights(supernet.weights().fill(Number.NaN)),
      /^bad-method: the weights of the method's supernet are not all finite/,
    ],
    [
      "diverges",
      "NAS_TRAINING_NAN",
      ({ supernet, context }) => {
        for (let step = 0; step < 60; step++) {
          supernet.step(PATH_MODE, context.training.images.train.next(16, false), { ...STEP, learningRate: 1e12 });
        }
      },
      /not all finite/,
    ],
    [
      "holds more tensors with every epoch",
      "NAS_TRAINING_LEAK",
      ({ context }) => void context.training.supernet(SIZE),
      /^bad-method: the method holds more tensors with every epoch: \d+ more after 3 epochs/,
    ],
    [
      "proposes a mixture of 29 weights",
      "NAS_TRAINING_CALL",
      ({ supernet, context }) =>
        supernet.evaluate(
          { kind: "mixture", weights: new Float64Array(29) },
          context.training.images.valid.next(16, false),
        ),
      /^bad-method: supernet.evaluate was called with 29 weights/,
    ],
    ["throws", "NAS_ALGORITHM_THREW", () => JSON.parse("{"), /^bad-method threw in trainEpoch/],
    [
      "changes its options",
      "NAS_ALGORITHM_MUTATED",
      ({ context }) => {
        (context.options as Record<string, unknown>).epochs = 1;
      },
      /tried to change what the harness gave it/,
    ],
  ])("%s", async (_, code, misdeed, what) => {
    const failure = await failureOf(method(misdeed));
    expect(failure?.code).toBe(code);
    expect(failure?.what).toMatch(what);
  });

  test.each<[string, string, Record<string, unknown>, RegExp]>([
    ["answers nothing", "NAS_ALGORITHM_ANSWER", { answer: () => null }, /answered null, which is not an architecture/],
    ["has no epochs", "NAS_TRAINING_REPORT", { epochs: 0 }, /^bad-method: epochs is 0/],
    [
      "reports no architecture",
      "NAS_TRAINING_REPORT",
      { trainEpoch: () => ({ parameters: [] }) },
      /an epoch's architecture is undefined/,
    ],
    ["reports no parameters", "NAS_TRAINING_REPORT", { trainEpoch: () => ({ architecture: 1 }) }, /has no parameters/],
    [
      "has parameters that are no numbers",
      "NAS_TRAINING_NAN",
      { trainEpoch: () => ({ architecture: 1, parameters: [1, Number.NaN], figures: {} }) },
      /architecture parameters are not all finite/,
    ],
  ])("%s", async (_, code, changes, what) => {
    const failure = await failureOf(method(() => {}, changes));
    expect(failure?.code).toBe(code);
    expect(failure?.what).toMatch(what);
  });

  test("wants to train for more than the protocol allows", async () => {
    const { outcome } = await madeUpTraining(
      method(() => {}),
      { options: {}, limitMs: 1 },
      "bad-method",
    );
    expect(outcome.failure?.code).toBe("NAS_TRAINING_BUDGET");
    expect(outcome.failure?.what).toContain("training budget of 1 simulated ms");
    expect(outcome.training?.costMs).toBeLessThanOrEqual(1);
  });

  test("is not defined by train", async () => {
    const failure = failureOf(defineAlgorithm({ create: () => ({ ask: () => null, tell() {} }) }));
    await expect(failure).rejects.toMatchObject({ code: "NAS_PLUGIN_CAPABILITY" });
    const trains = method(() => {});
    expect(() => trains.create({} as never)).toThrow("trains and proposes nothing");
  });
});

describe("what a supernet refuses", () => {
  const images = { pixels: new Float32Array(2 * 64), labels: Int32Array.of(0, 1), shape: [2, 8, 8, 1] } as ImageBatch;
  test.each<[string, (supernet: Supernet, context: TrainingContext) => void]>([
    ["an unknown mode", (net) => net.evaluate({ kind: "all" } as never, images)],
    ["no mode", (net) => net.evaluate(undefined as never, images)],
    ["an architecture outside of the space", (net) => net.evaluate({ kind: "path", architecture: 15_625 }, images)],
    [
      "a mixture with NaN",
      (net) => net.evaluate({ kind: "mixture", weights: new Float64Array(30).fill(Number.NaN) }, images),
    ],
    [
      "a batch of one image",
      (net) => net.step(PATH_MODE, { ...images, labels: Int32Array.of(0), shape: [1, 8, 8, 1] }, STEP),
    ],
    ["images of another size", (net) => net.step(PATH_MODE, { ...images, shape: [2, 4, 4, 1] }, STEP)],
    ["too few pixels", (net) => net.step(PATH_MODE, { ...images, pixels: new Float32Array(64) }, STEP)],
    ["a label that is no class", (net) => net.step(PATH_MODE, { ...images, labels: Int32Array.of(0, 4) }, STEP)],
    ["a learning rate below 0", (net) => net.step(PATH_MODE, images, { ...STEP, learningRate: -1 })],
    ["a momentum that is no number", (net) => net.step(PATH_MODE, images, { ...STEP, momentum: Number.NaN })],
    ["weights of another number", (net) => net.setWeights(new Float32Array(3))],
    ["a batch of no images", (_, { training }) => training.images.train.next(0, true)],
    ["more images than there are", (_, { training }) => training.images.valid.next(257, true)],
    ["a supernet of half a channel", (_, { training }) => void training.supernet({ ...SIZE, channels: 0.5 })],
    ["channels that the kernels can't take", (_, { training }) => void training.supernet({ ...SIZE, channels: 12 })],
    ["a supernet that is affine or not", (_, { training }) => void training.supernet({ ...SIZE, affine: 1 as never })],
  ])("%s", async (_, misdeed) => {
    const failure = await failureOf(method(({ supernet, context }) => misdeed(supernet, context)));
    expect(failure?.code).toBe("NAS_TRAINING_CALL");
  });
});

test("calls are charged by what they compute", async () => {
  const spent: number[] = [];
  const algorithm = method(({ supernet, context: { training }, epoch }) => {
    if (epoch > 0) return;
    const batch = training.images.train.next(200, false);
    const none = { kind: "path", architecture: 1462 } as const;
    const cost = (action: () => void) => {
      const before = training.spentMs;
      action();
      spent.push(training.spentMs - before);
    };
    const mixture = { kind: "mixture", weights: new Float64Array(30).fill(0.2) } as const;
    const request = { updatesAverages: false };
    cost(() => supernet.evaluate(mixture, batch));
    cost(() => supernet.gradients(mixture, batch, { ...request, weights: false }));
    cost(() => supernet.gradients(mixture, batch, { ...request, weights: true }));
    cost(() => supernet.step(mixture, batch, STEP));
    cost(() => supernet.evaluate(none, batch));
  });
  expect((await runTraining(algorithm, { options: {} })).failure).toBeNull();
  const [evaluation, edges, all, step, path] = spent as [number, number, number, number, number];
  // Whole milliseconds.
  expect(Math.abs(edges - 2 * evaluation)).toBeLessThanOrEqual(2);
  expect(Math.abs(all - 3 * evaluation)).toBeLessThanOrEqual(2);
  expect(Math.abs(step - all)).toBeLessThanOrEqual(1);
  expect(path).toBeLessThan(evaluation);
});

describe("a run that a check stops", () => {
  const stopped = async (mostEpochs: number | null, changes: Record<string, unknown>, stopsUnanswered?: boolean) => {
    const backend = await openBackend("wasm");
    const { outcome } = await executeTrainingRun(
      method(() => {}, changes),
      {
        run: { protocol: "testing", search: "made-up", method: "stopped-method", runIndex: 0 },
        ...{ dataset: "made-up", options: Object.freeze({}), backend: "wasm", mostEpochs, checkpointKey: null },
        parts: {
          ...{ operations: operationsOn(backend), recipe: MADE_UP_RECIPE, cost: DEFAULT_PASS_COST },
          ...{ images: { train: madeUpImages(64, "train"), valid: madeUpImages(64, "valid") }, limitMs: null },
          seed: "5".repeat(64),
        },
        ...{ checkpoint: null, countTensors: () => backend.tf.memory().numTensors, onEpoch: async () => {} },
        ...(stopsUnanswered === undefined ? {} : { stopsUnanswered }),
      },
    );
    return outcome;
  };
  const unasked = {
    answer: () => {
      throw new RangeError("not trained to the end");
    },
  };

  test("says so, has the first epochs of the whole run, and is not asked for an answer unless it shall be", async () => {
    const whole = await stopped(null, {});
    expect([whole.stoppedAfter, whole.answers.length, whole.training?.epochs.length]).toEqual([undefined, 1, 5]);
    const first = await stopped(1, unasked, true);
    expect([first.stoppedAfter, first.answers, first.failure]).toEqual([1, [], null]);
    expect(first.training?.epochs).toEqual(whole.training?.epochs.slice(0, 1));
    const answered = await stopped(2, {});
    expect([answered.stoppedAfter, answered.answers]).toEqual([2, whole.answers]);
    expect((await stopped(2, unasked)).failure?.what).toContain("not trained to the end");
  });

  test("is whole, and answers, if the method trains no more epochs than that", async () => {
    const outcome = await stopped(5, {}, true);
    expect([outcome.stoppedAfter, outcome.answers]).toEqual([undefined, [{ architecture: 7, weight: 1 }]]);
  });

  test("becomes no record, though it did not fail", async () => {
    const head = { protocol: { id: "testing", version: "1.0.0" }, method: { id: "stopped-method", version: "1.0.0" } };
    const table = { id: "made-up", version: "1.0.0", searchContentHash: "0".repeat(64) };
    const run = { method: "stopped-method", search: "made-up", runIndex: 0, seed: "5".repeat(64) };
    const record = async (mostEpochs: number | null) =>
      makeRecord({ ...head, table, options: {} }, run, await stopped(mostEpochs, {}));
    await expect(record(2)).rejects.toThrow("run 0 was stopped after 2 epochs: there is no record of it");
    expect((await record(null)).training?.epochs).toHaveLength(5);
  });
});

describe("checkpoints", () => {
  test("a damaged one, or one of other inputs, is passed over: the run starts anew and ends the same", async () => {
    const whole = await runTraining(
      method(() => {}),
      { options: {} },
    );
    const file = path.join(temporaryFolder(), "run.checkpoint");
    const stopAfter = (last: number) => ({
      options: {},
      checkpoint: file,
      onEpoch: ({ epoch }: { epoch: number }) => {
        if (epoch === last) throw new RangeError("killed");
      },
    });
    await expect(
      runTraining(
        method(() => {}),
        stopAfter(2),
      ),
    ).rejects.toThrow("killed");
    const bytes = readFileSync(file);
    bytes[bytes.length - 10]! ^= 255;
    writeFileSync(file, bytes);
    const epochs: number[] = [];
    const training = { options: {}, checkpoint: file, onEpoch: ({ epoch }: { epoch: number }) => epochs.push(epoch) };
    expect(
      await runTraining(
        method(() => {}),
        training,
      ),
    ).toEqual(whole);
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
    writeFileSync(file, "");
    expect(
      await runTraining(
        method(() => {}),
        { options: {}, checkpoint: file },
      ),
    ).toEqual(whole);
    // The file is now that of the finished run; another seed has another key.
    const other = await runTraining(
      method(() => {}),
      { options: {}, checkpoint: file, seed: "other" },
    );
    expect(other).toEqual(
      await runTraining(
        method(() => {}),
        { options: {}, seed: "other" },
      ),
    );
  });
});
