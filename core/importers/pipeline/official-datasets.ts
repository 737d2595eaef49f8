import type { OfficialDataset } from "../official-trial.ts";

/** What a table's card says of a dataset. */
export interface DatasetFacts {
  readonly title: string;
  readonly classes: number;
  /** Height and width in pixels. */
  readonly imageSize: number;
}

/** The datasets of the official files, in the order of cards (NAS-Bench-201, ICLR 2020, section 2.2). */
export const DATASET_FACTS: Readonly<Record<OfficialDataset, DatasetFacts>> = {
  "cifar10-valid": { title: "CIFAR-10, trained on the 25,000 images of cifar10-valid", classes: 10, imageSize: 32 },
  cifar10: { title: "CIFAR-10, trained on all 50,000 training images", classes: 10, imageSize: 32 },
  cifar100: { title: "CIFAR-100, trained on all 50,000 training images", classes: 100, imageSize: 32 },
  "imagenet16-120": { title: "ImageNet16-120, trained on all 151,700 training images", classes: 120, imageSize: 16 },
};

/** The names of {@link DATASET_FACTS} in order. */
export const DATASET_ORDER = Object.keys(DATASET_FACTS) as OfficialDataset[];
