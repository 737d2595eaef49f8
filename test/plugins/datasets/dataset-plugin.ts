import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SPLIT_NAMES } from "../../../core/plugins/dataset-splits.ts";
import { encodeIdxImages, encodeIdxLabels } from "../../../core/training/idx-format.ts";
import type { DatasetManifest } from "../../../schemas/generated/plugin-manifest.ts";
import { madeUpImages } from "../../helpers/idx-bytes.ts";

/** A complete dataset manifest: six training, three validation and three test images of 4x4 pixels in three classes. */
export function datasetManifest(overrides: Partial<DatasetManifest> = {}): DatasetManifest {
  return {
    kind: "dataset",
    apiVersion: 1,
    name: "made-up",
    version: "1.0.0",
    title: "Made-up",
    description: "A dataset for tests.",
    licence: "MIT",
    authors: ["A. Tester"],
    entry: "index.ts",
    images: { size: 4, channels: 1, classes: 3, train: 6, valid: 3, test: 3 },
    ...overrides,
  };
}

/** An entry whose splits are IDX files in the user's folder, or else in the plugin's. */
export const IDX_SOURCE = `import { defineDataset, readIdxImageSet } from "nas-harness";

export default defineDataset({
  open: ({ folder, dataFolder }) => {
    const read = (split: string) =>
      readIdxImageSet({
        folder: dataFolder ?? folder,
        images: split + "-images.idx",
        labels: split + "-labels.idx",
        classes: 3,
      });
    return { train: () => read("train"), valid: () => read("valid"), test: () => read("test") };
  },
});
`;

/** An entry whose images are those of the dataset in the neighbouring folder `source`, averaged to 4x4 pixels. */
export const DERIVED_SOURCE = IDX_SOURCE.replace("defineDataset, ", "areaAverage, defineDataset, ").replace(
  /\}\);\n$/,
  `  derivation: { from: "../source", transform: (images) => areaAverage(images, 4) },\n});\n`,
);

/** Writes a dataset's folder and returns it. @param source text of the entry */
export function writeDataset(folder: string, manifest = datasetManifest(), source = IDX_SOURCE): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "plugin.json"), JSON.stringify(manifest, null, 2));
  if (manifest.entry !== undefined) writeFileSync(path.join(folder, manifest.entry), source);
  return folder;
}

/** Writes the IDX files of all splits of {@link datasetManifest}; the splits' pixels differ, and `first` moves them. */
export function writeIdxSplits(folder: string, size: number, first = 0): void {
  mkdirSync(folder, { recursive: true });
  const { images } = datasetManifest();
  for (const [at, split] of SPLIT_NAMES.entries()) {
    const set = madeUpImages(images[split], size, first + 10 * at);
    writeFileSync(path.join(folder, `${split}-images.idx`), encodeIdxImages(set));
    writeFileSync(path.join(folder, `${split}-labels.idx`), encodeIdxLabels(set));
  }
}
