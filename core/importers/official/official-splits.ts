import { OFFICIAL_DATASETS, type OfficialDataset } from "../official-trial.ts";

/** Prefix of the metrics of an evaluated split. */
export type SplitMetric = "valid" | "test" | "valtest";

/**
 * What the splits of the official files are here, by dataset: x-valid is the half of the original test set (for cifar10-valid
 * of the training set) that methods may look at, x-test the other half, ori-test the whole original test set
 * (NAS-Bench-201 7fa5a614, nas_201_api/api_201.py, get_more_info).
 */
export const OFFICIAL_SPLITS: Readonly<Record<OfficialDataset, Readonly<Record<string, SplitMetric>>>> = {
  "cifar10-valid": { "x-valid": "valid", "ori-test": "test" },
  cifar10: { "ori-test": "test" },
  cifar100: { "x-valid": "valid", "x-test": "test", "ori-test": "valtest" },
  "imagenet16-120": { "x-valid": "valid", "x-test": "test", "ori-test": "valtest" },
};

/** A dataset by its official name; undefined if there is none. */
export function officialDataset(name: unknown): OfficialDataset | undefined {
  return typeof name === "string" && Object.hasOwn(OFFICIAL_DATASETS, name)
    ? OFFICIAL_DATASETS[name as keyof typeof OFFICIAL_DATASETS]
    : undefined;
}
