import { openDataset } from "../plugins/dataset-splits.ts";
import type { SplitImages } from "../training/trial.ts";

/**
 * Reads all splits of a dataset.
 * @param from where its files are, if it does not bring them
 * @throws what `openDataset` and reading throw
 */
export async function readSplits(plugin: Parameters<typeof openDataset>[0], from?: string): Promise<SplitImages> {
  const splits = await openDataset(plugin, from ?? null);
  return { train: splits.train(), valid: splits.valid(), test: splits.test() };
}
