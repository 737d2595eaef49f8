import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areaAverage } from "../../core/training/area-average.ts";
import type { ImageSet } from "../../core/training/image-set.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { madeUpImages } from "../helpers/idx-bytes.ts";

/** A pixel of an image set. */
function pixelOf({ pixels, size, channels }: ImageSet, image: number, row: number, column: number, channel: number) {
  return pixels[((image * size + row) * size + column) * channels + channel] as number;
}

/**
 * The naive way: repeat every pixel `size` times in both directions, which makes the image `size` times as large, cut it into
 * whole blocks and take their means in rational arithmetic.
 */
function oversampled(images: ImageSet, size: number): Uint8Array {
  const block = BigInt(images.size);
  const values: number[] = [];
  for (let image = 0; image < images.count; image++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        for (let channel = 0; channel < images.channels; channel++) {
          let sum = 0n;
          for (let y = row * images.size; y < (row + 1) * images.size; y++) {
            for (let x = column * images.size; x < (column + 1) * images.size; x++) {
              sum += BigInt(pixelOf(images, image, Math.floor(y / size), Math.floor(x / size), channel));
            }
          }
          values.push(Number((2n * sum + block * block) / (2n * block * block)));
        }
      }
    }
  }
  return Uint8Array.from(values);
}

/** Image sets of random pixels, and a size to average them to. */
const imagesAndSize = fc
  .record({
    size: fc.integer({ min: 1, max: 12 }),
    count: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ size, count, channels }) =>
    fc.record({
      images: fc
        .uint8Array({ minLength: count * size * size * channels, maxLength: count * size * size * channels })
        .map((pixels): ImageSet => ({ pixels, labels: new Uint8Array(count), count, size, channels, classes: 2 })),
      to: fc.integer({ min: 1, max: size }),
    }),
  );

const image28 = fc
  .uint8Array({ minLength: 784, maxLength: 784 })
  .map((pixels): ImageSet => ({ pixels, labels: Uint8Array.of(1), count: 1, size: 28, channels: 1, classes: 2 }));

describe("equals oversampling by whole pixels", () => {
  test("from 28 to 8", () => {
    fc.assert(
      fc.property(image28, (images) => {
        expect(areaAverage(images, 8).pixels).toEqual(oversampled(images, 8));
      }),
    );
  });

  test("from any size to any smaller one, with several images and channels", () => {
    fc.assert(
      fc.property(imagesAndSize, ({ images, to }) => {
        expect(areaAverage(images, to).pixels).toEqual(oversampled(images, to));
      }),
    );
  });
});

test("pixels weigh 4 inside, 2 at a cut edge and 1 at a cut corner, of 49", () => {
  const weightOf = (row: number, column: number) => {
    const pixels = new Uint8Array(784);
    pixels[row * 28 + column] = 245;
    const images = { pixels, labels: Uint8Array.of(0), count: 1, size: 28, channels: 1, classes: 2 };
    return (areaAverage(images, 8).pixels[0] as number) / 5;
  };
  const weights = Array.from({ length: 5 }, (_, row) =>
    Array.from({ length: 5 }, (_, column) => weightOf(row, column)),
  );
  expect(weights).toEqual([
    [4, 4, 4, 2, 0],
    [4, 4, 4, 2, 0],
    [4, 4, 4, 2, 0],
    [2, 2, 2, 1, 0],
    [0, 0, 0, 0, 0],
  ]);
});

test("halves are rounded up", () => {
  const mean = (...pixels: number[]) =>
    areaAverage({ ...madeUpImages(1, 2), pixels: Uint8Array.from(pixels) }, 1).pixels[0];
  expect(mean(0, 0, 0, 1)).toBe(0);
  expect(mean(0, 0, 1, 1)).toBe(1);
  expect(mean(7, 8, 8, 7)).toBe(8);
  expect(mean(255, 255, 254, 254)).toBe(255);
  expect(mean(255, 254, 254, 254)).toBe(254);
});

describe("laws", () => {
  test("an image of one value keeps it", () => {
    fc.assert(
      fc.property(imagesAndSize, fc.nat(255), ({ images, to }, value) => {
        const { pixels } = areaAverage({ ...images, pixels: new Uint8Array(images.pixels.length).fill(value) }, to);
        expect(new Set(pixels)).toEqual(new Set([value]));
      }),
    );
  });

  test("the same size changes nothing", () => {
    fc.assert(
      fc.property(imagesAndSize, ({ images }) => {
        expect(areaAverage(images, images.size)).toEqual(images);
      }),
    );
  });

  test("the mean stays, up to rounding", () => {
    const mean = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    fc.assert(
      fc.property(imagesAndSize, ({ images, to }) => {
        const difference = mean(areaAverage(images, to).pixels) - mean(images.pixels);
        expect(Math.abs(difference)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  test("no pixel is darker or brighter than all before", () => {
    fc.assert(
      fc.property(image28, (images) => {
        const { pixels } = areaAverage(images, 8);
        expect(Math.min(...pixels)).toBeGreaterThanOrEqual(Math.min(...images.pixels));
        expect(Math.max(...pixels)).toBeLessThanOrEqual(Math.max(...images.pixels));
      }),
    );
  });

  test("a mirrored image has the mirrored average", () => {
    const mirrored = (images: ImageSet): ImageSet => ({
      ...images,
      pixels: images.pixels.map((_, at) => {
        const column = at % images.size;
        return images.pixels[at - column + images.size - 1 - column] as number;
      }),
    });
    fc.assert(
      fc.property(image28, (images) => {
        expect(areaAverage(mirrored(images), 8).pixels).toEqual(mirrored(areaAverage(images, 8)).pixels);
      }),
    );
  });
});

test("labels, classes and number stay; the given images are not changed", () => {
  const images = madeUpImages(4, 6);
  const before = images.pixels.slice();
  const { pixels, size, ...rest } = areaAverage(images, 4);
  expect({ size, length: pixels.length }).toEqual({ size: 4, length: 64 });
  expect(rest).toEqual({ labels: images.labels, count: 4, channels: 1, classes: 3 });
  expect(images.pixels).toEqual(before);
});

test.each([0, -1, 7, 1.5, Number.NaN])("size %d of images of 6x6 is refused", (size) => {
  expect(harnessErrorOf(() => areaAverage(madeUpImages(1, 6), size)).code).toBe("NAS_DATASET");
});
