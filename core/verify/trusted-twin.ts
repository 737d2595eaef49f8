import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { makeFolder, writeFailure } from "../files/atomic-file.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { MANIFEST_NAME } from "../plugins/manifest.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { copyPluginFiles, listPluginFiles } from "../submissions/plugin-files.ts";
import { encodeIdxImages, encodeIdxLabels } from "../training/idx-format.ts";
import { SPLITS, type SplitImages } from "../training/trial.ts";

const IMAGES_FOLDER = "images-as-read";

/** Reads what was read apart, and nothing else. */
const ENTRY = `import { defineDataset, readIdxImageSet } from "nas-harness";
import manifest from "./${MANIFEST_NAME}" with { type: "json" };

export default defineDataset({
  open: ({ folder }) => {
    const read = (split) =>
      readIdxImageSet({
        folder,
        images: \`${IMAGES_FOLDER}/\${split}-images.idx\`,
        labels: \`${IMAGES_FOLDER}/\${split}-labels.idx\`,
        classes: manifest.images.classes,
      });
    return { train: () => read("train"), valid: () => read("valid"), test: () => read("test") };
  },
});
`;
const ENTRY_NAME = "images-as-read.mjs";

/**
 * A dataset plugin with the same manifest, recipes, protocol, table and images, whose entry is the harness's own: whatever
 * reads it executes no third-party code.
 * @param images as they were read apart from the harness
 * @param to a folder that does not exist yet
 * @throws NAS_SUBMISSION, NAS_WRITE_FAILED
 */
export function trustedTwin(
  { folder, manifest }: LocatedPlugin<DatasetManifest>,
  images: SplitImages,
  to: string,
): LocatedPlugin<DatasetManifest> {
  copyPluginFiles(folder, to, listPluginFiles(folder));
  try {
    rmSync(path.join(to, MANIFEST_NAME));
    makeFolder(path.join(to, IMAGES_FOLDER));
    for (const split of SPLITS) {
      writeFileSync(path.join(to, IMAGES_FOLDER, `${split}-images.idx`), encodeIdxImages(images[split]));
      writeFileSync(path.join(to, IMAGES_FOLDER, `${split}-labels.idx`), encodeIdxLabels(images[split]));
    }
    writeFileSync(path.join(to, ENTRY_NAME), ENTRY);
    writeFileSync(path.join(to, MANIFEST_NAME), JSON.stringify({ ...manifest, entry: ENTRY_NAME }, null, 2));
  } catch (cause) {
    throw writeFailure(to, cause);
  }
  return locateDataset(path.resolve(to));
}
