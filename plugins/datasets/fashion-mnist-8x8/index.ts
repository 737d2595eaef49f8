import path from "node:path";
import { areaAverage, defineDataset, readIdxImageSet } from "nas-harness";
import checksums from "./images/checksums.json" with { type: "json" };

/** Height and width of the images in pixels. */
const SIZE = 8;

export default defineDataset({
  open: ({ folder }) => {
    const read = (split: string) =>
      readIdxImageSet({
        folder: path.join(folder, "images"),
        images: `${split}-images.idx`,
        labels: `${split}-labels.idx`,
        classes: 10,
        sha256: checksums,
        next: "install the harness again, or make the files again: nas-harness dataset derive --help",
      });
    return { train: () => read("train"), valid: () => read("valid"), test: () => read("test") };
  },
  derivation: { from: "fashion-mnist", transform: (images) => areaAverage(images, SIZE) },
});
