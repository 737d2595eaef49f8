import { expect, test } from "vitest";
import { MADE_UP_RECIPE, madeUpImages } from "../../../core/conformance/made-up-training.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { ShuffledImages } from "../../../core/training/search/shuffled-images.ts";

const images = madeUpImages(50, "test");
const recipe = { ...MADE_UP_RECIPE, augmentation: { flip: true, cropPadding: 1 } };
const stream = (seed = "a", split: "train" | "valid" = "train") =>
  new ShuffledImages(images, recipe, hashOf(["test", seed]), split);

test("a pass shows every image once, whatever the sizes of the batches are", () => {
  const own = stream();
  const labels = [20, 7, 23].flatMap((size) => [...own.next(size, false).labels]);
  expect(labels.sort()).toEqual([...images.labels].sort());
});

test("the order comes from seed and split", () => {
  const first = stream().next(50, false).labels;
  expect(stream().next(50, false).labels).toEqual(first);
  expect(stream("b").next(50, false).labels).not.toEqual(first);
  expect(stream("a", "valid").next(50, false).labels).not.toEqual(first);
});

test("without augmentation images are as they are stored, normalised; with it they are moved", () => {
  const own = stream();
  const { pixels, labels, shape } = own.next(50, false);
  expect(shape).toEqual([50, 8, 8, 1]);
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  const raw = images.pixels.reduce((sum, value) => sum + (value - 110) / 45, 0) / images.pixels.length;
  expect(mean).toBeCloseTo(raw, 4);
  expect(labels).toHaveLength(50);
  const moved = stream().next(50, true);
  expect(moved.labels).toEqual(labels);
  expect(moved.pixels).not.toEqual(pixels);
});

test("what is saved goes on in the same order with the same moves", () => {
  const [own, other] = [stream(), stream("b")];
  own.next(33, true);
  other.restore(structuredClone(own.save()));
  for (const size of [10, 20, 30]) expect(other.next(size, true)).toEqual(own.next(size, true));
});

test("a batch is a copy: who changes it changes nothing else", () => {
  const before = images.pixels.slice();
  stream().next(50, false).pixels.fill(0);
  expect(images.pixels).toEqual(before);
});
