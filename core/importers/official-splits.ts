import type { OfficialDataset } from "./official-trial.ts";

/** A split by the table's name. */
export type EvaluatedSplit = "valid" | "test" | "valtest";

/**
 * What the names of the official evaluation splits mean, by dataset. ori-test is the whole original test set: the test
 * split of both CIFAR-10 datasets, and validation and test images together of the others (NAS-Bench-201, section 2.3;
 * `get_more_info` of the authors' API).
 */
export const OFFICIAL_SPLITS: Readonly<Record<OfficialDataset, Readonly<Record<string, EvaluatedSplit>>>> = {
  "cifar10-valid": { "x-valid": "valid", "ori-test": "test" },
  cifar10: { "ori-test": "test" },
  cifar100: { "x-valid": "valid", "x-test": "test", "ori-test": "valtest" },
  "imagenet16-120": { "x-valid": "valid", "x-test": "test", "ori-test": "valtest" },
};
