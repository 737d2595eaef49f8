import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { type ImageSet, imageSetFaults } from "../training/image-set.ts";
import type { DatasetSplits } from "./dataset.ts";
import { type LocatedPlugin, locatePlugin } from "./plugin-location.ts";
import { loadDataset } from "./plugin-module.ts";

/** The names of the splits, in the order of their use. */
export const SPLIT_NAMES = ["train", "valid", "test"] as const satisfies readonly (keyof DatasetSplits)[];

/** A split's name. */
export type SplitName = (typeof SPLIT_NAMES)[number];

/** `locatePlugin` for a dataset. @throws NAS_PLUGIN_NOT_FOUND, NAS_JSON, NAS_PLUGIN_MANIFEST */
export function locateDataset(nameOrPath: string, from?: string): LocatedPlugin<DatasetManifest> {
  return locatePlugin("dataset", nameOrPath, from) as LocatedPlugin<DatasetManifest>;
}

function contractBreach(manifest: DatasetManifest, call: string, faults: string[], cause?: unknown): HarnessError {
  return new HarnessError("NAS_DATASET", {
    what: `dataset ${manifest.name} broke its contract in ${call}`,
    where: faults.map((fault) => `- ${fault}`).join("\n"),
    allowed: "images of the shape and number that its manifest states; files are read without side effects",
    next: "correct the plugin, or its manifest",
    cause,
  });
}

/** What a call of the plugin returns. @throws NAS_DATASET if it throws anything but a HarnessError */
function called<T>(manifest: DatasetManifest, call: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw contractBreach(manifest, call, [`it threw: ${messageOf(cause)}`], cause);
  }
}

/**
 * A split's images as given by a plugin or made by its derivation, checked against the manifest.
 * @param call for messages
 * @throws NAS_DATASET, and what the plugin throws as HarnessError
 */
export function checkedImages(
  manifest: DatasetManifest,
  split: SplitName,
  call: string,
  give: () => ImageSet,
): ImageSet {
  const images = called(manifest, call, give);
  const { size, channels, classes } = manifest.images;
  const faults = imageSetFaults(images, { count: manifest.images[split], size, channels, classes });
  if (faults.length > 0) throw contractBreach(manifest, call, faults);
  return images;
}

/**
 * Loads and opens a dataset without a look at what its calls give: for checks that are to say all that is wrong with it.
 * @param dataFolder the folder that the user named, or null
 * @throws NAS_PLUGIN_ENTRY, NAS_DATASET; the calls throw NAS_IMAGES and NAS_DATASET
 */
export async function openUncheckedDataset(
  plugin: LocatedPlugin<DatasetManifest>,
  dataFolder: string | null = null,
): Promise<DatasetSplits> {
  const { manifest } = plugin;
  const dataset = await loadDataset(plugin);
  const context = Object.freeze({
    folder: path.resolve(plugin.folder),
    dataFolder: dataFolder === null ? null : path.resolve(dataFolder),
  });
  const splits = called(manifest, "open", () => dataset.open(context));
  const read = (split: SplitName) => called(manifest, split, () => splits[split]());
  return { train: () => read("train"), valid: () => read("valid"), test: () => read("test") };
}

/**
 * Loads and opens a dataset. Nothing is read yet; each call of the result reads one split and checks it against the manifest.
 * @param dataFolder the folder that the user named, or null
 * @throws NAS_PLUGIN_ENTRY, NAS_DATASET; the calls throw NAS_IMAGES and NAS_DATASET
 */
export async function openDataset(
  plugin: LocatedPlugin<DatasetManifest>,
  dataFolder: string | null = null,
): Promise<DatasetSplits> {
  const splits = await openUncheckedDataset(plugin, dataFolder);
  const read = (split: SplitName) => checkedImages(plugin.manifest, split, split, splits[split]);
  return { train: () => read("train"), valid: () => read("valid"), test: () => read("test") };
}
