import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { openUncheckedDataset, SPLIT_NAMES, type SplitName } from "../plugins/dataset-splits.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { sha256Of } from "../training/idx-file.ts";
import { type ImageSet, imageShapeFaults } from "../training/image-set.ts";
import type { SplitImages } from "../training/trial.ts";
import { faultOf } from "./harness-faults.ts";

/** By split, SHA-256 of its pixels and of its labels. */
export type SplitDigests = Readonly<Record<SplitName, string>>;

/** A dataset's images as they were read. */
export interface ReadImages {
  /** What is wrong with reading or with the shape, one sentence a fault. */
  readonly faults: readonly string[];
  /** The images, of the manifest's shape but with any labels; null if there are faults. */
  readonly images: SplitImages | null;
  /** Of each split right after it was read; null if there are faults. */
  readonly digests: SplitDigests | null;
}

/** Digest of images. A plugin may reuse an array for the next split, so ask before that is read. */
export function digestOf({ pixels, labels }: ImageSet): string {
  return `${sha256Of(pixels)} ${sha256Of(labels)}`;
}

/** Reads all splits of a dataset. The plugin's code runs inside this process. @param from where its files are, or null */
export async function readImages(plugin: LocatedPlugin<DatasetManifest>, from: string | null): Promise<ReadImages> {
  const { images: shape, entry } = plugin.manifest;
  const failed = (faults: readonly string[]): ReadImages => ({ faults, images: null, digests: null });
  if (entry === undefined) return failed(["the manifest names no entry: it brings no images"]);
  const read = new Map<SplitName, ImageSet>();
  const digests = new Map<SplitName, string>();
  const faults: string[] = [];
  try {
    const splits = await openUncheckedDataset(plugin, from);
    for (const split of SPLIT_NAMES) {
      try {
        const images = splits[split]();
        const found = imageShapeFaults(images, { ...shape, count: shape[split] });
        faults.push(...found.map((fault) => `${split}: ${fault}`));
        if (found.length === 0) digests.set(split, digestOf(images));
        read.set(split, images);
      } catch (error) {
        faults.push(faultOf(error));
      }
    }
  } catch (error) {
    faults.push(faultOf(error));
  }
  if (faults.length > 0) return failed(faults);
  return {
    faults,
    images: Object.fromEntries(read) as unknown as SplitImages,
    digests: Object.fromEntries(digests) as unknown as SplitDigests,
  };
}

/** A dataset under check. */
export class DatasetSubject {
  readonly plugin: LocatedPlugin<DatasetManifest>;
  /** Folder of its files that the user named, or null. */
  readonly from: string | null;
  #read: Promise<ReadImages> | null = null;

  constructor(plugin: LocatedPlugin<DatasetManifest>, from: string | null = null) {
    this.plugin = plugin;
    this.from = from;
  }

  /** The images, read at the first call and kept for all checks. */
  read(): Promise<ReadImages> {
    this.#read ??= readImages(this.plugin, this.from);
    return this.#read;
  }
}
