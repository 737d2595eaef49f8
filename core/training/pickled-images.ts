import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { readPickle } from "../files/pickle/pickle-reader.ts";
import { NumpyArray, PickleDict, PickleList } from "../files/pickle/pickle-values.ts";
import type { ImageSet } from "./image-set.ts";
import { interleaveChannels } from "./planar-images.ts";
import { readRecordedFile } from "./recorded-file.ts";

const CHANNELS = 3;

/** Which pickles of downsampled ImageNet hold a set of images. */
export interface PickledImageFiles {
  readonly folder: string;
  /** Names of the files, in the order of their images. */
  readonly files: readonly string[];
  /** Height and width of the images in pixels. */
  readonly size: number;
  /** Images labelled 1 to `classes` are kept and their labels lowered by one; 2 to 256. */
  readonly classes: number;
  /** Images that are kept of all files together. */
  readonly count: number;
  /** What to do if a file is missing or another one than expected; for the error. */
  readonly next: string;
}

/** The kept images of one file. */
interface KeptImages {
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

/** Reads one pickle. In a function of its own, so that its hundred megabytes are free before the next one is read. */
function readKept({ folder, size, classes, next }: PickledImageFiles, name: string): KeptImages {
  const file = path.join(folder, name);
  const refuse = (what: string, allowed?: string) =>
    new HarnessError("NAS_IMAGES", { what, where: file, ...(allowed === undefined ? {} : { allowed }), next });
  const content = readPickle(readRecordedFile(folder, name, next), file);
  const data = content instanceof PickleDict ? content.get("data") : undefined;
  const list = content instanceof PickleDict ? content.get("labels") : undefined;
  if (!(data instanceof NumpyArray) || !(list instanceof PickleList))
    throw refuse("the pickle is no batch of images", "a dict with an array `data` and a list `labels`");
  const labels = list.items;
  const perImage = CHANNELS * size * size;
  const [rows, columns] = data.shape;
  if (data.type !== "u1" || data.shape.length !== 2 || columns !== perImage)
    throw refuse(`data is an array of [${data.shape}] ${data.type}`, `[images, ${perImage}] u1`);
  if (labels.length !== rows) throw refuse(`there are ${rows} images and ${labels.length} labels`);
  const bad = labels.findIndex((label) => !Number.isInteger(label) || (label as number) < 1);
  if (bad >= 0) throw refuse(`label ${String(labels[bad])} of image ${bad} is none`, "an integer from 1 on");
  const kept = labels.flatMap((label, image) => ((label as number) <= classes ? [image] : []));
  const pixels = new Uint8Array(kept.length * perImage);
  for (const [at, image] of kept.entries())
    interleaveChannels(data.bytes, image * perImage, pixels, at * perImage, { size, channels: CHANNELS });
  return { pixels, labels: kept.map((image) => (labels[image] as number) - 1) };
}

/**
 * Reads the first classes of downsampled ImageNet (Chrabaszcz, Loshchilov and Hutter, arXiv:1707.08819) from its pickles, as
 * the authors of NAS-Bench-201 select ImageNet16-120 (xautodl/datasets/DownsampledImageNet.py): dicts whose `data` has a row of
 * 3 x size x size bytes an image, all red ones first, then green, then blue, and whose `labels` count from 1. The files must
 * have been recorded by `dataset fetch`.
 * @throws NAS_IMAGES, NAS_PICKLE
 */
export function readPickledImageSet(given: PickledImageFiles): ImageSet {
  const { folder, files, size, classes, count, next } = given;
  const batches = files.map((name) => readKept(given, name));
  const found = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  if (found !== count)
    throw new HarnessError("NAS_IMAGES", {
      what: `there are ${found} images of the classes 1 to ${classes} in ${files.join(", ")}`,
      where: folder,
      allowed: `${count}`,
      next,
    });
  const pixels = new Uint8Array(count * CHANNELS * size * size);
  const labels = new Uint8Array(count);
  let at = 0;
  for (const batch of batches) {
    pixels.set(batch.pixels, at * CHANNELS * size * size);
    labels.set(batch.labels, at);
    at += batch.labels.length;
  }
  return { pixels, labels, count, size, channels: CHANNELS, classes };
}
