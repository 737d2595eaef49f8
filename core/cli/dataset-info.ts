import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { locateDataset, openDataset, SPLIT_NAMES } from "../plugins/dataset-splits.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { sha256Of } from "../training/idx-file.ts";
import { countByClass } from "../training/image-set.ts";
import { benchmarkLines, benchmarkOf } from "./dataset-benchmark.ts";
import { columns, print, printJson } from "./terminal.ts";

/** What the command line gives to `dataset info`. */
export interface DatasetInfoFlags {
  from?: string;
  json?: true;
}

/** What is known of each split from its images; none of a dataset that brings only a table. */
async function describeSplits(plugin: LocatedPlugin<DatasetManifest>, from: string | null) {
  if (plugin.manifest.entry === undefined) return [];
  const opened = await openDataset(plugin, from);
  return SPLIT_NAMES.map((split) => {
    const images = opened[split]();
    return {
      split,
      count: images.count,
      byClass: countByClass(images),
      pixelsSha256: sha256Of(images.pixels),
      labelsSha256: sha256Of(images.labels),
    };
  });
}

/**
 * The action of `dataset info`.
 * @throws NAS_PLUGIN_NOT_FOUND, NAS_PLUGIN_MANIFEST, NAS_PLUGIN_ENTRY, NAS_IMAGES, NAS_DATASET
 */
export async function showDataset(name: string, flags: DatasetInfoFlags): Promise<void> {
  const plugin = locateDataset(name);
  const { manifest, folder, origin } = plugin;
  const benchmark = benchmarkOf(plugin);
  const splits = await describeSplits(plugin, flags.from ?? null);
  if (flags.json === true) {
    printJson({ ...manifest, folder, origin, benchmark, splits });
    return;
  }
  const { size, channels, classes } = manifest.images;
  const rows = splits.map(({ split, count, byClass }) => [split, String(count), byClass.join(" ")]);
  print(
    [
      `${manifest.name} ${manifest.version} (${origin}): ${manifest.title}`,
      manifest.description,
      `licence of the images: ${manifest.licence}`,
      `folder: ${folder}`,
      `images: ${size}x${size} pixels, channels: ${channels}, classes: ${classes}`,
      ...benchmarkLines(benchmark),
      "",
      rows.length === 0 ? "it brings no images" : columns([["split", "images", "of each class"], ...rows]),
    ].join("\n"),
  );
}
