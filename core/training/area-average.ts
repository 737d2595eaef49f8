import { HarnessError } from "../errors/harness-error.ts";
import type { ImageSet } from "./image-set.ts";

/** The pixels of one axis that an averaged pixel covers. */
interface Span {
  /** The first of them. */
  readonly first: number;
  /** How much of each is covered, in whole units. */
  readonly weights: readonly number[];
}

/** Greatest common divisor of two positive integers. */
function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * What each of `to` pixels covers of `from` pixels along one axis. The unit is the largest that measures both kinds of pixel
 * in whole numbers: from 28 to 8 a pixel before is 2 units long and one after is 7.
 */
function spansOf(from: number, to: number): { spans: Span[]; length: number } {
  const divisor = greatestCommonDivisor(from, to);
  const length = from / divisor;
  const unit = to / divisor;
  const spans = Array.from({ length: to }, (_, at) => {
    const start = at * length;
    const end = start + length;
    const first = Math.floor(start / unit);
    const weights: number[] = [];
    for (let pixel = first; pixel * unit < end; pixel++) {
      weights.push(Math.min(end, (pixel + 1) * unit) - Math.max(start, pixel * unit));
    }
    return { first, weights };
  });
  return { spans, length };
}

/**
 * Images of a smaller size: each pixel is the mean over the area that it covers, where a pixel that is covered in part counts
 * by that part. From 28 to 8 an area is 3.5 x 3.5 pixels, and pixels weigh 1, 1/2 at an edge and 1/4 at a corner, 12.25
 * in all. The weights are scaled to integers (4, 2, 1 and 49), the sum is exact, and the mean is rounded to the nearest
 * integer, halves up: floor((2 sum + 49) / 98). So the result is the same on any machine.
 * @param size height and width in pixels, 1 to the images' own
 * @throws NAS_DATASET for another size
 */
export function areaAverage(images: ImageSet, size: number): ImageSet {
  if (!Number.isInteger(size) || size < 1 || size > images.size) {
    throw new HarnessError("NAS_DATASET", {
      what: `images of ${images.size}x${images.size} pixels can't be averaged to ${size}x${size}`,
      allowed: `an integer from 1 to ${images.size}`,
      next: "correct the size in the dataset's plugin",
    });
  }
  const { spans, length } = spansOf(images.size, size);
  const { count, channels, pixels: before, size: width } = images;
  const area = length * length;
  const pixels = new Uint8Array(count * size * size * channels);
  let to = 0;
  for (let image = 0; image < count; image++) {
    for (const rows of spans) {
      for (const columns of spans) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0;
          for (let row = 0; row < rows.weights.length; row++) {
            const from = ((image * width + rows.first + row) * width + columns.first) * channels + channel;
            let rowSum = 0;
            for (let column = 0; column < columns.weights.length; column++) {
              rowSum += (columns.weights[column] as number) * (before[from + column * channels] as number);
            }
            sum += (rows.weights[row] as number) * rowSum;
          }
          pixels[to++] = Math.floor((2 * sum + area) / (2 * area));
        }
      }
    }
  }
  return { ...images, pixels, size };
}
