/**
 * The public entry `nas-harness`: everything that a plugin may import. What is exported here is kept stable within an
 * `apiVersion`; everything else may change at any time.
 */
export {
  type Algorithm,
  type AlgorithmContext,
  type AlgorithmDefinition,
  type BudgetView,
  defineAlgorithm,
  type Evaluation,
  type Proposal,
  propose,
  type Searcher,
  type SearchGenerator,
} from "./plugins/algorithm.ts";
export { type ConstraintLimit, type ConstraintsView, drawAllowed } from "./plugins/constraints.ts";
export {
  type Dataset,
  type DatasetContext,
  type DatasetDefinition,
  type DatasetSplits,
  type Derivation,
  defineDataset,
} from "./plugins/dataset.ts";
export { fromGenerator } from "./plugins/generator-adapter.ts";
export {
  defineExtension,
  type EvaluatedEvent,
  type Extension,
  type ExtraColumn,
  type HookEvents,
  type HookName,
  type RunName,
  type Tappable,
} from "./plugins/hooks.ts";
export type { EpochReport, TrainingContext, TrainingSearcher } from "./plugins/training.ts";
export { elementary } from "./random/elementary.ts";
export type { Random } from "./random/random.ts";
export type { Architecture } from "./space/codec.ts";
export type { NetworkInput } from "./space/network-size.ts";
export type { Edge, Operation } from "./space/operations.ts";
export type { Space } from "./space/space.ts";
export { areaAverage } from "./training/area-average.ts";
export { type CifarFiles, readCifarImageSet } from "./training/cifar-file.ts";
export { type IdxImageFiles, readIdxImageSet } from "./training/idx-file.ts";
export { type ImageSet, pickImages, selectImages } from "./training/image-set.ts";
export { cosineLearningRate } from "./training/learning-rate.ts";
export { type PickledImageFiles, readPickledImageSet } from "./training/pickled-images.ts";
export { Adam, type AdamSettings, type AdamState } from "./training/search/adam.ts";
export {
  ArchitectureParameters,
  type ArchitectureParametersState,
  type ArchitectureSettings,
} from "./training/search/architecture-parameters.ts";
export {
  batchesPerEpoch,
  bestOnValidation,
  MeanScore,
  type WeightSettings,
  weightStepAt,
} from "./training/search/search-steps.ts";
export type {
  BatchScore,
  GradientRequest,
  ImageBatch,
  SearchImages,
  SearchSplits,
  Supernet,
  SupernetGradients,
  SupernetOptions,
  TrainingAccess,
  WeightStep,
} from "./training/search/search-types.ts";
export { largestOfEach, softmax, softmaxGradient } from "./training/search/softmax.ts";
export type { SupernetMode } from "./training/search/supernet-mode.ts";
export { readSplitFile, type SplitFile, type SplitPart, type SplitParts } from "./training/split-file.ts";
