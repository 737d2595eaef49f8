import { defineDataset, readIdxImageSet, selectImages } from "nas-harness";
import checksums from "./checksums.json" with { type: "json" };

/** Where the Debian package `dataset-fashion-mnist` puts the files. */
const DEBIAN_FOLDER = "/usr/share/datasets/fashion-mnist";

/** The last 10,000 of the 60,000 official training images are the validation images. */
const FIRST_VALID = 50_000;

export default defineDataset({
  open: ({ dataFolder }) => {
    const read = (part: "train" | "t10k") =>
      readIdxImageSet({
        folder: dataFolder ?? DEBIAN_FOLDER,
        images: `${part}-images-idx3-ubyte`,
        labels: `${part}-labels-idx1-ubyte`,
        classes: 10,
        sha256: checksums,
        next: "install the package dataset-fashion-mnist (Debian, Ubuntu), or name a folder with the four official files",
      });
    return {
      train: () => selectImages(read("train"), 0, FIRST_VALID),
      valid: () => {
        const official = read("train");
        return selectImages(official, FIRST_VALID, official.count);
      },
      test: () => read("t10k"),
    };
  },
});
