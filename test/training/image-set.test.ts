import { expect, test } from "vitest";
import { countByClass, imageSetFaults, selectImages } from "../../core/training/image-set.ts";
import { madeUpImages } from "../helpers/idx-bytes.ts";

const SHAPE = { count: 5, size: 2, channels: 1, classes: 3 };

test("a sound image set has no faults", () => {
  expect(imageSetFaults(madeUpImages(5, 2), SHAPE)).toEqual([]);
});

test.each<[unknown, string[]]>([
  [null, ["it is no object"]],
  [undefined, ["it is no object"]],
  ["images", ["it is no object"]],
  [
    {},
    expect.arrayContaining(["count is undefined instead of 5", "pixels is no Uint8Array", "labels is no Uint8Array"]),
  ],
  [Promise.resolve(madeUpImages(5, 2)), expect.arrayContaining(["pixels is no Uint8Array"])],
  [
    madeUpImages(4, 2),
    ["count is 4 instead of 5", "pixels has 16 entries instead of 20", "labels has 4 entries instead of 5"],
  ],
  [madeUpImages(5, 3), ["size is 3 instead of 2", "pixels has 45 entries instead of 20"]],
  [{ ...madeUpImages(5, 2), channels: 3 }, ["channels is 3 instead of 1"]],
  [{ ...madeUpImages(5, 2), classes: 10 }, ["classes is 10 instead of 3"]],
  [{ ...madeUpImages(5, 2), pixels: [1, 2] }, ["pixels is no Uint8Array"]],
  [{ ...madeUpImages(5, 2), pixels: new Float32Array(20) }, ["pixels is no Uint8Array"]],
  [{ ...madeUpImages(5, 2), labels: Uint8Array.of(0, 1, 2, 3, 4) }, ["label 3 of image 3 is no class from 0 to 2"]],
])("%j is told all its faults", (value, faults) => {
  expect(imageSetFaults(value, SHAPE)).toEqual(faults);
});

test("a selection has the images of its range and their labels", () => {
  const images = madeUpImages(5, 2);
  const selected = selectImages(images, 1, 3);
  expect(selected).toEqual({
    ...images,
    count: 2,
    pixels: Uint8Array.of(4, 5, 6, 7, 8, 9, 10, 11),
    labels: Uint8Array.of(1, 2),
  });
  expect(imageSetFaults(selected, { ...SHAPE, count: 2 })).toEqual([]);
});

test("images are counted by class, classes without any too", () => {
  expect(countByClass(madeUpImages(5, 2))).toEqual([2, 2, 1]);
  expect(countByClass({ ...madeUpImages(2, 2), classes: 4 })).toEqual([1, 1, 0, 0]);
});
