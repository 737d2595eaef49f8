import { defineDataset, pickImages, readCifarImageSet, readSplitFile } from "nas-harness";
import sources from "./sources.json" with { type: "json" };

const SPLIT_FILE = "cifar100-test-split.txt";

export default defineDataset({
  open: ({ dataFolder }) => {
    const folder = dataFolder ?? "downloads/cifar100";
    const next =
      "nas-harness dataset fetch cifar100; if it goes elsewhere than downloads/cifar100, name that with --from";
    const read = (file: string, imagesPerFile: number) =>
      readCifarImageSet({ folder, files: [file], imagesPerFile, labelBytes: 2, classes: 100, next });
    // Both halves lie in one file, so a validation image can't be read without the file of the test images being opened.
    const part = (name: "xvalid" | "xtest") => {
      const official = read("test.bin", 10_000);
      const split = readSplitFile({ folder, file: SPLIT_FILE, parts: sources.splits[SPLIT_FILE], next });
      return pickImages(official, split[name] ?? []);
    };
    return { train: () => read("train.bin", 50_000), valid: () => part("xvalid"), test: () => part("xtest") };
  },
});
