import type { ImageSet } from "../../core/training/image-set.ts";

/** The bytes of an IDX file as the format says, built without the code under test; any header may be asked for. */
export function idxBytes(magic: number, sizes: readonly number[], values: Iterable<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic, 0);
  for (const [at, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * at);
  return Buffer.concat([header, Buffer.from([...values])]);
}

/** An IDX file of images, shape [count, height, width]; pixels count up from `first`. */
export function idxImages(count: number, height: number, width = height, first = 0): Buffer {
  const values = Array.from({ length: count * height * width }, (_, at) => (first + at) % 256);
  return idxBytes(0x803, [count, height, width], values);
}

/** An IDX file of labels. */
export function idxLabels(labels: readonly number[]): Buffer {
  return idxBytes(0x801, [labels.length], labels);
}

/** An image set of one channel and three classes; pixels count up from `first`, labels go round. */
export function madeUpImages(count: number, size: number, first = 0): ImageSet {
  return {
    pixels: Uint8Array.from({ length: count * size * size }, (_, at) => (first + at) % 256),
    labels: Uint8Array.from({ length: count }, (_, at) => at % 3),
    count,
    size,
    channels: 1,
    classes: 3,
  };
}
