import { locateDataset, openDataset, SPLIT_NAMES } from "../plugins/dataset-splits.ts";
import { sha256Of } from "../training/idx-file.ts";
import { countByClass } from "../training/image-set.ts";
import { columns, print, printJson } from "./terminal.ts";

/** What the command line gives to `dataset info`. */
export interface DatasetInfoFlags {
  from?: string;
  json?: true;
}

/**
 * The action of `dataset info`.
 * @throws NAS_PLUGIN_NOT_FOUND, NAS_PLUGIN_MANIFEST, NAS_PLUGIN_ENTRY, NAS_IMAGES, NAS_DATASET
 */
export async function showDataset(name: string, flags: DatasetInfoFlags): Promise<void> {
  const plugin = locateDataset(name);
  const { manifest, folder, origin } = plugin;
  const opened = await openDataset(plugin, flags.from ?? null);
  const splits = SPLIT_NAMES.map((split) => {
    const images = opened[split]();
    return {
      split,
      count: images.count,
      byClass: countByClass(images),
      pixelsSha256: sha256Of(images.pixels),
      labelsSha256: sha256Of(images.labels),
    };
  });
  if (flags.json === true) {
    printJson({ ...manifest, folder, origin, splits });
    return;
  }
  const { size, channels, classes } = manifest.images;
  print(
    [
      `${manifest.name} ${manifest.version} (${origin}): ${manifest.title}`,
      manifest.description,
      `licence of the images: ${manifest.licence}`,
      `folder: ${folder}`,
      `images: ${size}x${size} pixels, channels: ${channels}, classes: ${classes}`,
      "",
      columns([
        ["split", "images", "of each class"],
        ...splits.map(({ split, count, byClass }) => [split, String(count), byClass.join(" ")]),
      ]),
    ].join("\n"),
  );
}
