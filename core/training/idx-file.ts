import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { readBytes } from "../files/json-file.ts";
import { parseIdxImages, parseIdxLabels } from "./idx-format.ts";
import type { ImageSet } from "./image-set.ts";

/** Which IDX files hold a set of images, and what is known of them. */
export interface IdxImageFiles {
  readonly folder: string;
  /** Name of the file of images, without `.gz`: the file may be there plain, or with `.gz` added. */
  readonly images: string;
  /** Name of the file of labels, without `.gz`. */
  readonly labels: string;
  /** Number of classes, 2 to 256. */
  readonly classes: number;
  /**
   * By file name without `.gz`, the SHA-256 of the unpacked content in hexadecimal: what a compressor makes of the same
   * content differs between its versions. A file that is not named is not checked.
   */
  readonly sha256?: Readonly<Record<string, string>>;
  /** What to do if a file is missing or another one than expected; for the error. */
  readonly next?: string;
}

/** SHA-256 in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Where a file lies, plain or gzipped. @throws NAS_IMAGES if it is in neither form there */
function findFile(folder: string, name: string, next: string): string {
  const file = path.join(folder, name);
  const found = [file, `${file}.gz`].find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new HarnessError("NAS_IMAGES", {
    what: `there is neither ${name} nor ${name}.gz`,
    where: folder,
    next,
  });
}

/** A view that is no Buffer: a Buffer's `slice` shares its memory, where one of Uint8Array copies. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The content of a file, unpacked if its first bytes are those of gzip, whatever its name.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE; NAS_IMAGES if the gzip wrapping is broken or followed by something
 */
export function readUnpacked(file: string): Uint8Array {
  const bytes = readBytes(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return plainView(bytes);
  const broken = (what: string, where: string, cause?: unknown) =>
    new HarnessError("NAS_IMAGES", { what, where, next: "get or make the file again", cause });
  let unpacked: { buffer: Uint8Array; engine: { bytesWritten: number } };
  try {
    // With `info` zlib gives its state too, which the type declarations don't know.
    unpacked = gunzipSync(bytes, { info: true }) as unknown as typeof unpacked;
  } catch (cause) {
    throw broken(`the gzip file is malformed: ${messageOf(cause)}`, `${file} (${bytes.length} bytes)`, cause);
  }
  const used = unpacked.engine.bytesWritten;
  if (used === bytes.length) return plainView(unpacked.buffer);
  throw broken("the gzip file goes on after its end", `${file}, byte ${used} of the packed content`);
}

/**
 * Wraps bytes in gzip, without a time and with the operating system unknown, so that one machine gives the same bytes every
 * time. Between versions of zlib they may differ; the content does not.
 */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed = plainView(gzipSync(bytes, { level: 9 }));
  const operatingSystem = 9;
  const unknown = 255;
  packed[operatingSystem] = unknown;
  return packed;
}

/**
 * Reads a set of images of one channel from two IDX files, plain or gzipped, and nothing else. Strict: magic numbers, sizes,
 * no byte more or less, as many labels as images, labels below `classes`, then the checksums.
 * @throws NAS_IMAGES naming file and byte; NAS_FILE_UNREADABLE
 */
export function readIdxImageSet(files: IdxImageFiles): ImageSet {
  const { folder, classes, sha256 = {}, next = "get the files from their source" } = files;
  const imageFile = findFile(folder, files.images, next);
  const labelFile = findFile(folder, files.labels, next);
  const imageBytes = readUnpacked(imageFile);
  const labelBytes = readUnpacked(labelFile);
  const { pixels, count, size } = parseIdxImages(imageBytes, imageFile);
  const labels = parseIdxLabels(labelBytes, classes, labelFile);
  if (labels.length !== count) {
    throw new HarnessError("NAS_IMAGES", {
      what: `there are ${count} images and ${labels.length} labels`,
      where: `${imageFile} and ${labelFile}, byte 4 of the unpacked content`,
      allowed: "one label an image",
      next,
    });
  }
  for (const [name, file, bytes] of [
    [files.images, imageFile, imageBytes],
    [files.labels, labelFile, labelBytes],
  ] as const) {
    const expected = sha256[name];
    const actual = expected === undefined ? undefined : sha256Of(bytes);
    if (actual === expected) continue;
    throw new HarnessError("NAS_IMAGES", {
      what: `this is not the expected file: the SHA-256 of its unpacked content is ${actual}`,
      where: file,
      allowed: expected as string,
      next,
    });
  }
  return { pixels, labels, count, size, channels: 1, classes };
}
