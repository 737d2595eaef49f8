import { openDataset } from "../plugins/dataset-splits.ts";
import type { SplitImages } from "../training/trial.ts";

/** Reads all splits of a dataset. @throws what `openDataset` and reading throw */
export async function readSplits(plugin: Parameters<typeof openDataset>[0]): Promise<SplitImages> {
  const splits = await openDataset(plugin);
  return { train: splits.train(), valid: splits.valid(), test: splits.test() };
}
