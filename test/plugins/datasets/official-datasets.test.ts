import { describe, expect, test } from "vitest";
import { filesOf, readSources } from "../../../core/plugins/dataset-sources.ts";
import { locateDataset, openDataset, SPLIT_NAMES } from "../../../core/plugins/dataset-splits.ts";
import { readRecipes } from "../../../core/plugins/table-plan-file.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { recordedFolder } from "../../helpers/recorded-folder.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const batches = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const DATASETS = [
  {
    name: "cifar10",
    files: [...batches(5).map((at) => `data_batch_${at}.bin`), "test_batch.bin", "cifar-split.txt"],
    first: { train: "data_batch_1.bin", valid: "data_batch_1.bin", test: "test_batch.bin" },
    padding: 4,
    mean: [125.3, 123, 113.9],
    deviation: [63, 62.1, 66.7],
  },
  {
    name: "cifar100",
    files: ["train.bin", "test.bin", "cifar100-test-split.txt"],
    first: { train: "train.bin", valid: "test.bin", test: "test.bin" },
    padding: 4,
    mean: [129.3, 124.1, 112.4],
    deviation: [68.2, 65.4, 70.4],
  },
  {
    name: "imagenet16-120",
    files: [...batches(10).map((at) => `train_data_batch_${at}`), "val_data", "imagenet-16-120-test-split.txt"],
    first: { train: "train_data_batch_1", valid: "val_data", test: "val_data" },
    padding: 2,
    mean: [122.68, 116.66, 104.01],
    deviation: [63.22, 61.26, 65.09],
  },
] as const;

describe.each(DATASETS)("$name", ({ name, files, first, padding, mean, deviation }) => {
  const plugin = locateDataset(name);
  const sources = readSources(plugin);

  test("without its files it names the first that is missing, and the command that gets it", async () => {
    const folder = temporaryFolder();
    const splits = await openDataset(plugin, folder);
    for (const split of SPLIT_NAMES) {
      const { code, details } = harnessErrorOf(() => splits[split]());
      expect(code).toBe("NAS_IMAGES");
      // The words by which doctor tells a dataset that was never fetched from a damaged one.
      expect(details.what).toBe(`there is no ${first[split]}`);
      expect(details.where).toBe(folder);
      expect(details.next).toMatch(new RegExp(`^nas-harness dataset fetch ${name}`));
    }
  });

  test("looks into downloads/ of the working directory if no folder is named", async () => {
    const { details } = harnessErrorOf((await openDataset(plugin)).test);
    expect(details.where).toBe(`downloads/${name}`);
  });

  test("a file of another size is refused", async () => {
    const splits = await openDataset(plugin, recordedFolder({ [first.test]: Buffer.alloc(3073) }));
    expect(["NAS_IMAGES", "NAS_PICKLE"]).toContain(harnessErrorOf(splits.test).code);
  });

  test("its sources name the files that it reads, each with something to tell it by", () => {
    expect(sources.files.flatMap(filesOf)).toEqual(files);
    const parts = Object.values(sources.splits ?? {}).flatMap((split) => Object.values(split));
    const { valid, test: last, train } = plugin.manifest.images;
    const [one, other] = name === "cifar10" ? [train, valid] : [valid, last];
    expect(parts.map(({ count }) => count)).toEqual([one, other]);
  });

  test("its recipes are the authors'", () => {
    const recipes = readRecipes(plugin.folder);
    expect(recipes.map(({ id, epochs }) => ({ id, epochs }))).toEqual([
      { id: "12-epochs", epochs: 12 },
      { id: "200-epochs", epochs: 200 },
    ]);
    for (const recipe of recipes)
      expect(recipe).toMatchObject({
        network: { channels: 16, cellsPerStage: 5 },
        imagesPerEpoch: null,
        batchSize: 256,
        optimiser: { learningRate: 0.1, finalLearningRate: 0, momentum: 0.9, weightDecay: 0.0005 },
        augmentation: { flip: true, cropPadding: padding },
        normalization: { mean, deviation },
        evaluation: { batchNorm: "running", batchSize: 256, valid: null },
      });
  });
});
