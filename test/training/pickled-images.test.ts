import { expect, test } from "vitest";
import { type PickledImageFiles, readPickledImageSet } from "../../core/training/pickled-images.ts";
import { madeUpPixel, planarPixels } from "../helpers/cifar-bytes.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { imageBatch, type PickleWriter } from "../helpers/pickle-bytes.ts";
import { recordedFolder } from "../helpers/recorded-folder.ts";

/** A batch of images numbered from `first`. */
function batch(labels: readonly number[], first: number, writer: PickleWriter = 2, size = 16): Buffer {
  const pixels = Buffer.concat(labels.map((_, at) => planarPixels(first + at, size)));
  return imageBatch(pixels, labels, writer);
}

const LABELS = [1, 120, 121, 7, 1000, 2];

function files(more: Partial<PickledImageFiles> = {}, writer: PickleWriter = 2): PickledImageFiles {
  const folder = recordedFolder({ one: batch(LABELS, 0, writer), two: batch(LABELS.toReversed(), 6, writer) });
  return { folder, files: ["one", "two"], size: 16, classes: 120, count: 8, next: "bring it", ...more };
}

test.each([2, 3] as const)("classes 1 to 120 are kept, pixel by pixel (Python %i)", (writer) => {
  const images = readPickledImageSet(files({}, writer));
  const kept = [0, 1, 3, 5, 6, 8, 10, 11];
  expect([...images.labels]).toEqual([0, 119, 6, 1, 1, 6, 119, 0]);
  expect({ count: images.count, size: images.size, channels: images.channels, classes: images.classes }).toEqual({
    count: 8,
    size: 16,
    channels: 3,
    classes: 120,
  });
  const expected: number[] = [];
  for (const image of kept)
    for (let row = 0; row < 16; row++)
      for (let column = 0; column < 16; column++)
        for (let channel = 0; channel < 3; channel++) expected.push(madeUpPixel(image, row, column, channel));
  expect(Buffer.compare(images.pixels, Uint8Array.from(expected))).toBe(0);
});

test.each<[string, string, () => Partial<PickledImageFiles>]>([
  ["another number of images", "there are 8 images of the classes 1 to 120 in one, two", () => ({ count: 9 })],
  ["images of another size", "data is an array of [6,768] u1", () => ({ size: 8 })],
  [
    "a label below 1",
    "label 0 of image 1 is none",
    () => ({ folder: recordedFolder({ one: batch([1, 0], 0) }), files: ["one"] }),
  ],
  [
    "something else",
    "the pickle is no batch",
    () => ({ folder: recordedFolder({ one: Buffer.of(0x80, 2, 0x5d, 0x2e) }), files: ["one"] }),
  ],
])("%s is refused", (_, what, more) => {
  const given = files(more());
  const { code, details } = harnessErrorOf(() => readPickledImageSet(given));
  expect(code).toBe("NAS_IMAGES");
  expect(details.what).toContain(what);
  expect(details.next).toBe("bring it");
});
