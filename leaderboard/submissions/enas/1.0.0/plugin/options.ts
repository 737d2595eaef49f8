import type { SupernetOptions, WeightStep } from "nas-harness";
import type { CarriedBaseline } from "./baseline.ts";
import type { LogitSettings } from "./controller.ts";

/** The plugin's options; the manifest says what each of them means. */
export interface Options extends SupernetOptions, WeightStep, LogitSettings {
  readonly epochs: number;
  readonly imagesPerEpoch: number | null;
  readonly batchSize: number;
  readonly finalLearningRate: number;
  readonly learningRatePeriod: number | null;
  readonly hiddenUnits: number;
  readonly layers: number;
  readonly controllerSteps: number;
  readonly samplesPerStep: number;
  readonly rewardBatchSize: number;
  readonly augmentedRewards: boolean;
  readonly entropyWeight: number;
  readonly baselineDecay: number;
  readonly carriedBaseline: CarriedBaseline;
  readonly controllerLearningRate: number;
  readonly controllerBetas: readonly [first: number, second: number];
  readonly controllerEpsilon: number;
  readonly controllerClipNorm: number;
  readonly candidates: number;
  readonly selectionBatchSize: number;
}
