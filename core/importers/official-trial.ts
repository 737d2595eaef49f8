import type { MetricName } from "../tables/column.ts";

/** Names that the official files use for datasets, with this project's. */
export const OFFICIAL_DATASETS = {
  "cifar10-valid": "cifar10-valid",
  cifar10: "cifar10",
  cifar100: "cifar100",
  "ImageNet16-120": "imagenet16-120",
} as const;

/** A dataset of the official files, by this project's name. */
export type OfficialDataset = (typeof OFFICIAL_DATASETS)[keyof typeof OFFICIAL_DATASETS];

/** A metric by epoch. */
export interface EpochSeries {
  /** Value of each epoch, first epoch first, in the table's unit. What stands where `recorded` is 0 means nothing. */
  readonly values: Float64Array;
  /** 1 where an epoch is recorded, 0 where not; null: all are. */
  readonly recorded: Uint8Array | null;
}

/** One training as an official file records it, in the table's names and units. */
export interface OfficialTrial {
  /** Official index, 0 to 15624. */
  readonly architecture: number;
  readonly dataset: OfficialDataset;
  /** Name of the recipe: `12-epochs` or `200-epochs`. */
  readonly recipe: string;
  /** Epochs of the whole schedule, from 1. */
  readonly epochs: number;
  readonly seed: number;
  /** What is recorded: a series of `epochs` values; or one number for what has no epochs (latency, parameters, FLOPs). */
  readonly metrics: ReadonlyMap<MetricName, EpochSeries | number>;
}
