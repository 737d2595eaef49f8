import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { type ImageSet, labelFaults } from "./image-set.ts";
import { interleaveChannels } from "./planar-images.ts";
import { readRecordedFile } from "./recorded-file.ts";

const SIZE = 32;
const CHANNELS = 3;
const PIXELS = SIZE * SIZE * CHANNELS;

/** Which files of CIFAR's binary distribution hold a set of images. */
export interface CifarFiles {
  readonly folder: string;
  /** Names of the files, in the order of their images. */
  readonly files: readonly string[];
  /** Images of each file. */
  readonly imagesPerFile: number;
  /** Labels before an image's pixels: 1 in CIFAR-10; 2 in CIFAR-100, coarse and fine, of which the last is taken. */
  readonly labelBytes: 1 | 2;
  /** Number of classes, 2 to 256. */
  readonly classes: number;
  /** What to do if a file is missing or another one than expected; for the error. */
  readonly next: string;
}

/**
 * Reads images of CIFAR's binary distribution (Alex Krizhevsky, www.cs.toronto.edu/~kriz/cifar.html): records of one or two
 * labels and 3,072 pixels of 32x32, first all red ones, then green, then blue. The files must have been recorded by
 * `dataset fetch`.
 * @throws NAS_IMAGES naming file and byte
 */
export function readCifarImageSet(given: CifarFiles): ImageSet {
  const { folder, files, imagesPerFile, labelBytes, classes, next } = given;
  const count = files.length * imagesPerFile;
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const record = labelBytes + PIXELS;
  for (const [at, name] of files.entries()) {
    const bytes = readRecordedFile(folder, name, next);
    if (bytes.length !== imagesPerFile * record)
      throw new HarnessError("NAS_IMAGES", {
        what: `the file has ${bytes.length} bytes`,
        where: path.join(folder, name),
        allowed: `${imagesPerFile * record}: ${imagesPerFile} records of ${record}`,
        next,
      });
    for (let image = 0; image < imagesPerFile; image++) {
      const place = at * imagesPerFile + image;
      const start = image * record + labelBytes;
      labels[place] = bytes[start - 1] as number;
      interleaveChannels(bytes, start, pixels, place * PIXELS, { size: SIZE, channels: CHANNELS });
    }
    const [fault] = labelFaults(labels.subarray(at * imagesPerFile, (at + 1) * imagesPerFile), classes);
    if (fault !== undefined)
      throw new HarnessError("NAS_IMAGES", { what: fault, where: path.join(folder, name), next });
  }
  return { pixels, labels, count, size: SIZE, channels: CHANNELS, classes };
}
