import { defineDataset, pickImages, readCifarImageSet, readSplitFile } from "nas-harness";
import sources from "./sources.json" with { type: "json" };

const SPLIT_FILE = "cifar-split.txt";

/** Files of official training images, in the order by which the split file counts. */
const TRAIN_FILES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);

export default defineDataset({
  open: ({ dataFolder }) => {
    const folder = dataFolder ?? "downloads/cifar10";
    const next =
      "nas-harness dataset fetch cifar10; if it goes elsewhere than downloads/cifar10, name that with --from";
    const read = (files: string[]) =>
      readCifarImageSet({ folder, files, imagesPerFile: 10_000, labelBytes: 1, classes: 10, next });
    const part = (name: "train" | "valid") => {
      const official = read(TRAIN_FILES);
      const split = readSplitFile({ folder, file: SPLIT_FILE, parts: sources.splits[SPLIT_FILE], next });
      return pickImages(official, split[name] ?? []);
    };
    return { train: () => part("train"), valid: () => part("valid"), test: () => read(["test_batch.bin"]) };
  },
});
