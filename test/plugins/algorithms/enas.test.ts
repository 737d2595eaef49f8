import { describe, expect, test } from "vitest";
import { resolveOptions } from "../../../core/plugins/options.ts";
import { locateAlgorithm } from "../../../core/plugins/plugin-location.ts";
import type { TrainingContext } from "../../../core/plugins/training.ts";
import { Random } from "../../../core/random/random.ts";
import { NAS_BENCH_201_SPACE as space } from "../../../core/space/space.ts";
import { Baseline } from "../../../plugins/algorithms/enas/baseline.ts";
import { ControllerTraining } from "../../../plugins/algorithms/enas/controller-training.ts";
import enas from "../../../plugins/algorithms/enas/index.ts";
import { learningRateAt } from "../../../plugins/algorithms/enas/learning-rate.ts";
import type { Options } from "../../../plugins/algorithms/enas/options.ts";
import { type Call, realScore, StandIn } from "./enas-stand-in.ts";

const { manifest } = locateAlgorithm("enas");
const optionsFor = (protocol: string, user = {}) =>
  resolveOptions(manifest, { id: protocol }, user) as unknown as Options;
const SEED = "00112233445566778899aabbccddeeff";
const SIZE = { edges: 6, operations: 5 };
const QUICK = { epochs: 3, batchSize: 100, controllerSteps: 2, samplesPerStep: 3, rewardBatchSize: 50, candidates: 8 };

function searcherOn(training: StandIn, options: Options, seed = SEED) {
  const protocol = { id: "p", search: "s", dataset: "d" };
  const context = { space, random: new Random(seed), options, protocol, training };
  return enas.train!(context as unknown as TrainingContext);
}

/** Share of edges that have the wanted operation. */
const matching = (target: readonly number[]) => (choices: readonly number[]) =>
  choices.filter((choice, edge) => choice === target[edge]).length / target.length;

describe("the options", () => {
  test("are the ICLR file's by default", () => {
    expect(optionsFor("nas-bench-201")).toMatchObject({
      ...{ channels: 16, cellsPerStage: 5, epochs: 250, batchSize: 128, learningRate: 0.05, finalLearningRate: 0.0005 },
      ...{ learningRatePeriod: 10, weightDecay: 0.00025, clipNorm: 5, controllerSteps: 50, samplesPerStep: 20 },
      ...{ entropyWeight: 1e-4, baselineDecay: 0.99, controllerBetas: [0, 0.999], batchStatistics: false },
    });
  });

  test("have settings for NATS-Bench and for the harness's own table, and refuse what can't be", () => {
    expect(optionsFor("nats-bench")).toMatchObject({
      ...{ epochs: 100, batchSize: 64, learningRatePeriod: null, clipNorm: null, batchStatistics: true },
      ...{ rewardBatchSize: 512, augmentedRewards: false, carriedBaseline: "epoch-mean" },
    });
    expect(optionsFor("fashion-mnist-8x8")).toMatchObject({ channels: 8, cellsPerStage: 1, learningRate: 0.05 });
    const variant = locateAlgorithm("enas-batch-statistics").manifest;
    expect(resolveOptions(variant, { id: "nas-bench-201" })).toEqual({
      ...optionsFor("nas-bench-201"),
      batchStatistics: true,
    });
    for (const wrong of [{ controllerBetas: [0] }, { carriedBaseline: "mean" }, { imagesPerEpoch: 0 }, { epoch: 1 }]) {
      expect(() => optionsFor("nas-bench-201", wrong)).toThrow("NAS_PLUGIN_OPTIONS");
    }
  });
});

test("the learning rate falls for a period, rises for a period, and so on", () => {
  const rate = (epoch: number) => learningRateAt({ learningRate: 0.05, finalLearningRate: 0.0005 }, epoch, 10);
  expect([0, 10, 20, 30].map(rate)).toEqual([0.05, 0.0005, 0.05, 0.0005]);
  for (let epoch = 0; epoch < 45; epoch++) {
    const expected = 0.0005 + (0.0495 * (1 + Math.cos((Math.PI * epoch) / 10))) / 2;
    expect(rate(epoch)).toBeCloseTo(expected, 14);
  }
});

describe("the baseline", () => {
  test.each([
    ["last-sample", 0.6, 0.6 - 0.01 * (0.6 - 0.9)],
    ["epoch-mean", 0.5, 0.5 - 0.01 * (0.5 - 0.9)],
  ] as const)("is a sample's accuracy at first, then %s", (carriedBaseline, first, second) => {
    const baseline = new Baseline(0.99, carriedBaseline);
    expect(baseline.carried).toBeNull();
    for (const accuracy of [0.4, 0.5, 0.6]) {
      const { value, byReward } = baseline.advantage(accuracy, accuracy + 0.001);
      expect(value).toBeCloseTo(0.001, 12);
      expect(byReward).toBe(1);
    }
    expect(baseline.endEpoch()).toBeCloseTo(first, 12);
    // The carried value is the same for all samples of an epoch.
    for (let sample = 0; sample < 3; sample++) {
      const { value, byReward } = baseline.advantage(0.8, 0.9);
      expect(value).toBeCloseTo(0.9 - second, 12);
      expect(byReward).toBe(0.99);
    }
    expect(baseline.endEpoch()).toBeCloseTo(second, 12);
  });
});

describe("the controller's training", () => {
  test("leads from uniform draws to the operation that is best on most edges, and the entropy falls", () => {
    const options = { ...optionsFor("nas-bench-201"), hiddenUnits: 16, controllerLearningRate: 0.003 };
    const training = new ControllerTraining(SIZE, options, new Random(SEED));
    const score = matching([3, 3, 3, 3, 3, 3]);
    const epochs = Array.from({ length: 12 }, () => training.trainEpoch(score));
    expect(epochs[0]!.accuracy).toBeLessThan(0.25);
    expect(epochs[0]!.entropy).toBeGreaterThan(6 * Math.log(5) - 0.02);
    expect(epochs.at(-1)!.accuracy).toBeGreaterThan(0.9);
    expect(epochs.at(-1)!.entropy).toBeLessThan(3);
    expect(training.greedy().choices).toEqual([3, 3, 3, 3, 3, 3]);
    // Bounded logits keep every operation possible: e^5 against four times 1 is the most.
    expect(epochs.at(-1)!.accuracy).toBeLessThan(Math.exp(5) / (Math.exp(5) + 4));
  });

  test("learns different operations for different edges, if its states differ from the start", () => {
    const options = {
      ...optionsFor("nas-bench-201"),
      ...{ hiddenUnits: 16, temperature: 1, controllerSteps: 1, samplesPerStep: 50, controllerLearningRate: 0.003 },
      ...{ entropyWeight: 0, baselineDecay: 0.8, carriedBaseline: "epoch-mean" as const },
    };
    const training = new ControllerTraining(SIZE, options, new Random(SEED));
    const start = training.save();
    training.restore({ ...start, parameters: start.parameters.map((value) => 6 * value) });
    const score = matching([3, 3, 2, 3, 1, 4]);
    let last = 0;
    for (let epoch = 0; epoch < 200; epoch++) last = training.trainEpoch(score).accuracy;
    expect(last).toBeGreaterThan(0.7);
    expect(new Set(training.greedy().choices).size).toBeGreaterThan(2);
  });

  test("goes on from what was saved to identical numbers", () => {
    const options = { ...optionsFor("nas-bench-201"), hiddenUnits: 8, controllerSteps: 3, samplesPerStep: 4 };
    const score = matching([3, 3, 2, 3, 1, 4]);
    // The harness keeps the generator; here it stands still at a seed of its own.
    const epochOf = (training: ControllerTraining) => [training.trainEpoch(score), training.parameters];
    const random = new Random(SEED);
    const straight = new ControllerTraining(SIZE, options, random);
    straight.trainEpoch(score);
    const saved = structuredClone(straight.save());
    const other = new Random(SEED);
    const resumed = new ControllerTraining(SIZE, options, other);
    resumed.trainEpoch(() => 0.5);
    // Both generators have given as many numbers; all else is different until it is restored.
    expect(resumed.parameters).not.toEqual(straight.parameters);
    resumed.restore(saved);
    expect(epochOf(resumed)).toEqual(epochOf(straight));
    expect(saved.parameters).not.toEqual(straight.parameters);
  });
});

describe("a search", () => {
  const accuracyOf = (architecture: number) => (architecture % 1000) / 10;
  const score = ({ architecture }: Call) => ({ loss: 1, accuracy: accuracyOf(architecture) });
  const run = (options: Options, seed = SEED) => {
    const training = new StandIn(score);
    const searcher = searcherOn(training, options, seed);
    const reports = Array.from({ length: searcher.epochs }, (_, epoch) => searcher.trainEpoch(epoch));
    return { training, reports, answer: searcher.answer(), searcher };
  };

  test("trains weights, then the controller, in every epoch; selects at the end", () => {
    const { training, reports, answer } = run(optionsFor("nas-bench-201", { ...QUICK, imagesPerEpoch: 299 }));
    expect(training.supernets).toEqual([{ channels: 16, cellsPerStage: 5, affine: false, batchStatistics: false }]);
    const epoch = [...Array(2).fill("step 100"), ...Array(6).fill("evaluate 50")];
    expect(training.calls.map(({ kind, images }) => `${kind} ${images}`)).toEqual([
      ...Array(3).fill(epoch).flat(),
      ...Array(8).fill("evaluate 128"),
    ]);
    expect(training.calls.every(({ isAugmented }) => isAugmented)).toBe(true);
    const rates = [0, 1, 2].map((at) => learningRateAt({ learningRate: 0.05, finalLearningRate: 0.0005 }, at, 10));
    expect(training.calls.flatMap(({ step }) => (step === null ? [] : [step]))).toEqual(
      rates.flatMap((learningRate) =>
        Array(2).fill({ learningRate, momentum: 0.9, weightDecay: 0.00025, clipNorm: 5 }),
      ),
    );
    const candidates = training.calls.slice(-8).map(({ architecture }) => architecture);
    expect(answer).toBe(candidates.reduce((a, b) => (accuracyOf(b) > accuracyOf(a) ? b : a)));
    const samples = training.calls.filter(({ kind }) => kind === "evaluate").slice(0, 6);
    const mean = samples.reduce((sum, { architecture }) => sum + accuracyOf(architecture), 0) / 6;
    const { figures, parameters } = reports[0]!;
    expect(figures.sampleAccuracy).toBeCloseTo(mean, 10);
    expect(figures.rewardMean).toBeCloseTo(mean / 100 + 1e-4 * figures.entropy!, 10);
    expect(figures.baseline).toBeCloseTo(accuracyOf(samples.at(-1)!.architecture) / 100, 12);
    expect(figures).toMatchObject({ trainLoss: 1, learningRate: 0.05 });
    expect(parameters).toHaveLength(17_253);
    expect(parameters).not.toEqual(reports[1]!.parameters);
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
  });

  test("depends on nothing but its seed", () => {
    const options = optionsFor("nats-bench", QUICK);
    const first = run(options);
    expect(run(options).reports).toEqual(first.reports);
    expect(run(options, "ffeeddccbbaa99887766554433221100").reports).not.toEqual(first.reports);
    expect(first.training.calls.filter(({ kind, isAugmented }) => kind === "evaluate" && isAugmented)).toEqual([]);
    expect(structuredClone(first.searcher.save())).toEqual(first.searcher.save());
  });

  test("says so if an epoch has no batch", () => {
    expect(() => run(optionsFor("nas-bench-201", { batchSize: 1001 }))).toThrow("lower batchSize");
  });

  test("on the real supernet trains shared weights that tell the classes apart", async () => {
    const training = new StandIn(await realScore(), new Random(SEED));
    const options = optionsFor("fashion-mnist-8x8", {
      ...{ epochs: 3, imagesPerEpoch: 3200, batchSize: 64, controllerSteps: 5, samplesPerStep: 10 },
      ...{ rewardBatchSize: 64, candidates: 20 },
    });
    const searcher = searcherOn(training, options);
    const figures = [0, 1, 2].map((epoch) => searcher.trainEpoch(epoch).figures);
    expect(figures[2]!.trainLoss).toBeLessThan(figures[0]!.trainLoss! - 0.1);
    expect(figures[2]!.trainAccuracy).toBeGreaterThan(60);
    // A cell whose output nothing reaches has no accuracy to speak of; it is not chosen.
    expect(space.isReachable(searcher.answer())).toBe(true);
  });
});
