import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { Random } from "../../core/random/random.ts";
import { NAS_BENCH_201_SPACE } from "../../core/space/space.ts";
import type { Operations } from "../../core/training/operations.ts";
import {
  ArchitectureParameters,
  type ArchitectureSettings,
} from "../../core/training/search/architecture-parameters.ts";
import { type WeightSettings, weightStepAt } from "../../core/training/search/search-steps.ts";
import { SearchSupernet } from "../../core/training/search/search-supernet.ts";
import type { BatchScore, SupernetOptions } from "../../core/training/search/search-types.ts";
import { softmaxGradient } from "../../core/training/search/softmax.ts";
import { DEFAULT_PASS_COST, TrainingClock } from "../../core/training/search/training-clock.ts";
import { randomImages } from "../../core/training/self-check/trained-network.ts";
import { gumbelGradient, gumbelSample } from "../../plugins/algorithms/gdas/gumbel-sample.ts";

/** Options that the methods measured here have under the embedded benchmark. */
export interface MethodOptions extends WeightSettings, ArchitectureSettings, SupernetOptions {
  readonly epochs: number;
  readonly imagesPerEpoch: number;
  readonly batchSize: number;
  /** GDAS alone has one, of its first epoch. */
  readonly temperature?: number;
}

/** A method's options under the embedded benchmark. */
export function methodOptions(method: string): MethodOptions {
  return resolveOptions(
    locateAlgorithm(method).manifest,
    loadProtocol("fashion-mnist-8x8"),
  ) as unknown as MethodOptions;
}

/** One thing that a method does with its supernet again and again. */
export interface MethodStep {
  /** Images that it takes. */
  readonly images: number;
  /** Does it. @param at position in the sequence of samples, from 0; any number */
  run(at: number): BatchScore;
}

/** Different samples of architectures; after the last comes the first. */
export const SAMPLES = 16;
const SPACE = NAS_BENCH_201_SPACE;
const OPERATIONS = SPACE.operations.length;

/** A method's supernet on images of the embedded benchmark's size, always with the same weights, images and samples. */
function prepare(operations: Operations, options: MethodOptions) {
  const shape = {
    channels: options.channels,
    cellsPerStage: options.cellsPerStage,
    ...{ imageSize: 8, imageChannels: 1, classes: 10 },
  };
  const random = new Random("73757065726e65742d73616d706c6573");
  return {
    // What the simulated clock is charged does not matter here; that it is charged is part of a step.
    supernet: new SearchSupernet(
      { operations, shape, seed: 7, clock: new TrainingClock(DEFAULT_PASS_COST, null) },
      options,
    ),
    images: randomImages(shape, options.batchSize),
    alphas: new ArchitectureParameters(SPACE, options, random),
    step: weightStepAt(options, 0, options.epochs),
    random,
  };
}

/** RSPS: a step of the weights through a uniformly random path. */
export function rspsStep(operations: Operations, options: MethodOptions): MethodStep {
  const { supernet, images, step, random } = prepare(operations, options);
  const samples = Array.from({ length: SAMPLES }, () => SPACE.sample(random));
  return {
    images: options.batchSize,
    run: (at) => supernet.step({ kind: "path", architecture: samples[at % SAMPLES] as number }, images, step),
  };
}

/** GDAS: a step of the weights through the path of a hard Gumbel sample. */
export function gdasWeightStep(operations: Operations, options: MethodOptions): MethodStep {
  const { supernet, images, alphas, step, random } = prepare(operations, options);
  const { temperature = 1 } = options;
  const samples = Array.from({ length: SAMPLES }, () =>
    SPACE.fromChoices(gumbelSample(alphas.values, OPERATIONS, temperature, random).choices),
  );
  return {
    images: options.batchSize,
    run: (at) => supernet.step({ kind: "path", architecture: samples[at % SAMPLES] as number }, images, step),
  };
}

/** GDAS: a step of the architecture parameters through a hard Gumbel sample's gates. */
export function gdasAlphaStep(operations: Operations, options: MethodOptions): MethodStep {
  const { supernet, images, alphas, random } = prepare(operations, options);
  const { temperature = 1 } = options;
  const samples = Array.from({ length: SAMPLES }, () => gumbelSample(alphas.values, OPERATIONS, temperature, random));
  return {
    images: options.batchSize,
    run(at) {
      const sample = samples[at % SAMPLES] as (typeof samples)[number];
      const mode = { kind: "gate", architecture: SPACE.fromChoices(sample.choices) } as const;
      const score = supernet.gradients(mode, images, { weights: false, updatesAverages: true });
      alphas.step(gumbelGradient(sample, score.edgeWeights, OPERATIONS, temperature));
      return score;
    },
  };
}

/** DARTS-V1: a step of the weights and one of the architecture parameters, both through the mixture. */
export function dartsStep(operations: Operations, options: MethodOptions): MethodStep {
  const { supernet, images, alphas, step } = prepare(operations, options);
  return {
    images: 2 * options.batchSize,
    run() {
      supernet.step({ kind: "mixture", weights: alphas.probabilities() }, images, step);
      const mixture = alphas.probabilities();
      const request = { weights: false, updatesAverages: true };
      const score = supernet.gradients({ kind: "mixture", weights: mixture }, images, request);
      alphas.step(softmaxGradient(mixture, score.edgeWeights, OPERATIONS));
      return score;
    },
  };
}
