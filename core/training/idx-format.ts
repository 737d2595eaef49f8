import { HarnessError } from "../errors/harness-error.ts";
import type { ImageSet } from "./image-set.ts";

/**
 * First four bytes of an IDX file of unsigned bytes: 0, 0, the type (8), the number of dimensions (as the format is described
 * beside the MNIST database of handwritten digits by Yann LeCun, Corinna Cortes and Christopher Burges).
 */
const MAGIC = { images: 0x00000803, labels: 0x00000801 } as const;
const HEADER_BYTES = { images: 16, labels: 8 } as const;

type Kind = keyof typeof MAGIC;

/** The error for a file that holds no sound images or labels, naming file and byte of the unpacked content. */
function malformed(file: string, byte: number, what: string, allowed?: string): HarnessError {
  return new HarnessError("NAS_IMAGES", {
    what,
    where: `${file}, byte ${byte} of the unpacked content`,
    ...(allowed === undefined ? {} : { allowed }),
    next: "get or make the file again",
  });
}

const hexadecimal = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;

/**
 * Sizes of all dimensions of an IDX file, after checking its magic number and that it has exactly the bytes that they say.
 * @throws NAS_IMAGES
 */
function readHeader(bytes: Uint8Array, kind: Kind, file: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = HEADER_BYTES[kind];
  const magic = bytes.length >= 4 ? view.getUint32(0) : null;
  if (magic !== null && magic !== MAGIC[kind]) {
    const other = kind === "images" ? "labels" : "images";
    const hint = magic === MAGIC[other] ? `, that of a file of ${other}` : "";
    const what = `this is no IDX file of ${kind}: its first four bytes are ${hexadecimal(magic)}${hint}`;
    throw malformed(file, 0, what, hexadecimal(MAGIC[kind]));
  }
  if (bytes.length < headerBytes) {
    throw malformed(file, bytes.length, `the file ends inside its header`, `a header of ${headerBytes} bytes`);
  }
  const sizes = Array.from({ length: headerBytes / 4 - 1 }, (_, at) => view.getUint32(4 + 4 * at));
  const zero = sizes.indexOf(0);
  if (zero >= 0) throw malformed(file, 4 + 4 * zero, "a dimension is 0", "at least one image of at least one pixel");
  const expected = headerBytes + sizes.reduce((product, size) => product * size, 1);
  if (bytes.length !== expected) {
    const content = `${sizes.join("x")} values, which take ${expected} bytes`;
    const what = bytes.length < expected ? "the file is truncated" : "the file goes on after its last value";
    throw malformed(file, Math.min(bytes.length, expected), `${what}: it has ${bytes.length} bytes`, content);
  }
  return sizes;
}

/** Images of one channel as they are in an IDX file. */
export interface IdxImages {
  /** Pixel values from 0 to 255, shape [count, size, size]. */
  readonly pixels: Uint8Array;
  readonly count: number;
  /** Height and width in pixels. */
  readonly size: number;
}

/**
 * The images in the bytes of an unpacked IDX file (magic number 0x00000803).
 * @param file for messages
 * @throws NAS_IMAGES if the file is malformed or its images are not square
 */
export function parseIdxImages(bytes: Uint8Array, file: string): IdxImages {
  const [count, height, width] = readHeader(bytes, "images", file) as [number, number, number];
  if (height !== width) {
    throw malformed(file, 8, `the images have ${height}x${width} pixels`, "images as high as they are wide");
  }
  return { pixels: bytes.subarray(HEADER_BYTES.images), count, size: height };
}

/**
 * The labels in the bytes of an unpacked IDX file (magic number 0x00000801), shape [count].
 * @param classes a label is less than this
 * @param file for messages
 * @throws NAS_IMAGES
 */
export function parseIdxLabels(bytes: Uint8Array, classes: number, file: string): Uint8Array {
  readHeader(bytes, "labels", file);
  const labels = bytes.subarray(HEADER_BYTES.labels);
  const at = labels.findIndex((label) => label >= classes);
  if (at < 0) return labels;
  const byte = HEADER_BYTES.labels + at;
  throw malformed(file, byte, `image ${at} has label ${labels[at]}`, `an integer from 0 to ${classes - 1}`);
}

function encode(kind: Kind, sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES[kind] + values.length);
  const view = new DataView(bytes.buffer);
  for (const [at, number] of [MAGIC[kind], ...sizes].entries()) view.setUint32(4 * at, number);
  bytes.set(values, HEADER_BYTES[kind]);
  return bytes;
}

/** The images of a set of one channel as an unpacked IDX file. @throws NAS_DATASET if there are more channels */
export function encodeIdxImages({ count, size, channels, pixels }: ImageSet): Uint8Array {
  if (channels === 1) return encode("images", [count, size, size], pixels);
  throw new HarnessError("NAS_DATASET", {
    what: `images of ${channels} channels can't be written as IDX`,
    allowed: "images of one channel",
    next: "a dataset with colours needs its own file format",
  });
}

/** The labels of a set as an unpacked IDX file. */
export function encodeIdxLabels({ count, labels }: ImageSet): Uint8Array {
  return encode("labels", [count], labels);
}
