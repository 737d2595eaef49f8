import { defineDataset, pickImages, readPickledImageSet, readSplitFile } from "nas-harness";
import sources from "./sources.json" with { type: "json" };

const SPLIT_FILE = "imagenet-16-120-test-split.txt";

/** Files of training images; their images keep this order. */
const TRAIN_FILES = Array.from({ length: 10 }, (_, at) => `train_data_batch_${at + 1}`);

export default defineDataset({
  open: ({ dataFolder }) => {
    const folder = dataFolder ?? "downloads/imagenet16-120";
    const next =
      "nas-harness dataset fetch imagenet16-120 says what to bring; if it lies elsewhere than in downloads/imagenet16-120, name that with --from";
    const read = (files: string[], count: number) =>
      readPickledImageSet({ folder, files, size: 16, classes: 120, count, next });
    // Both halves lie in one file, so a validation image can't be read without the file of the test images being opened.
    const part = (name: "xvalid" | "xtest") => {
      const official = read(["val_data"], 6000);
      const split = readSplitFile({ folder, file: SPLIT_FILE, parts: sources.splits[SPLIT_FILE], next });
      return pickImages(official, split[name] ?? []);
    };
    return { train: () => read(TRAIN_FILES, 151_700), valid: () => part("xvalid"), test: () => part("xtest") };
  },
});
