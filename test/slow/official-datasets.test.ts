import { describe, expect, test } from "vitest";
import { readSources } from "../../core/plugins/dataset-sources.ts";
import { locateDataset, openDataset } from "../../core/plugins/dataset-splits.ts";
import { countByClass, type ImageSet } from "../../core/training/image-set.ts";
import { imageBatch } from "../helpers/pickle-bytes.ts";
import { recordedFolder } from "../helpers/recorded-folder.ts";

/** A split file of two parts of equal size that starts as the authors' does; the rest goes to whoever has too few. */
function splitText(dataset: string, file: string): { text: string; positions: Record<string, number[]> } {
  const parts = readSources(locateDataset(dataset)).splits?.[file] ?? {};
  const positions: Record<string, number[]> = {};
  for (const [name, { first }] of Object.entries(parts)) positions[name] = [...first];
  const total = Object.values(parts).reduce((sum, { count }) => sum + count, 0);
  const taken = new Set(Object.values(positions).flat());
  const names = Object.keys(parts);
  for (let at = 0; at < total; at++) {
    if (taken.has(at)) continue;
    const name = names.find((one) => positions[one]!.length < parts[one]!.count)!;
    positions[name]!.push(at);
  }
  const document = Object.fromEntries(names.map((name) => [name, ["int", positions[name]!.map(String)]]));
  return { text: JSON.stringify(document), positions };
}

/** A record's pixels hold its number in every byte of four, so that each image can be told. */
function numbered(
  records: number,
  labelBytes: number,
  pixels: number,
  label: (at: number) => number,
  first = 0,
): Buffer {
  const bytes = Buffer.alloc(records * (labelBytes + pixels));
  for (let at = 0; at < records; at++) {
    const start = at * (labelBytes + pixels);
    bytes[start + labelBytes - 1] = label(first + at);
    bytes.writeUInt32LE(first + at, start + labelBytes);
  }
  return bytes;
}

/** The number of an image: its first four red pixels. */
function numberOf({ pixels, size, channels }: ImageSet, at: number): number {
  const start = at * size * size * channels;
  const red = [0, 1, 2, 3].map((pixel) => pixels[start + pixel * channels]!);
  return Buffer.from(red).readUInt32LE();
}

const numbersOf = (images: ImageSet) => Array.from({ length: images.count }, (_, at) => numberOf(images, at));
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("files of the official sizes", () => {
  test("cifar10: half of the training images each, in the split file's order; the test images are another file", async () => {
    const { text, positions } = splitText("cifar10", "cifar-split.txt");
    const files: Record<string, Buffer | string> = { "cifar-split.txt": text };
    for (let file = 0; file < 5; file++)
      files[`data_batch_${file + 1}.bin`] = numbered(10_000, 1, 3072, (at) => at % 10, file * 10_000);
    files["test_batch.bin"] = numbered(10_000, 1, 3072, () => 7, 90_000);
    const splits = await openDataset(locateDataset("cifar10"), recordedFolder(files));
    const train = splits.train();
    expect(numbersOf(train)).toEqual(positions.train);
    expect([...train.labels]).toEqual(positions.train!.map((at) => at % 10));
    expect(numbersOf(splits.valid())).toEqual(positions.valid);
    const last = splits.test();
    expect(numbersOf(last)).toEqual(range(10_000).map((at) => at + 90_000));
    expect(countByClass(last)[7]).toBe(10_000);
  });

  test("cifar100: all training images; validation and test images are halves of the official test images", async () => {
    const { text, positions } = splitText("cifar100", "cifar100-test-split.txt");
    const folder = recordedFolder({
      "cifar100-test-split.txt": text,
      "train.bin": numbered(50_000, 2, 3072, (at) => at % 100),
      "test.bin": numbered(10_000, 2, 3072, (at) => (at + 3) % 100),
    });
    const splits = await openDataset(locateDataset("cifar100"), folder);
    expect(numbersOf(splits.train())).toEqual(range(50_000));
    expect(numbersOf(splits.valid())).toEqual(positions.xvalid);
    const last = splits.test();
    expect(numbersOf(last)).toEqual(positions.xtest);
    expect([...last.labels]).toEqual(positions.xtest!.map((at) => (at + 3) % 100));
  });

  test("imagenet16-120: 151,700 training images of the first 120 of 130 classes, 6,000 for validation and test", async () => {
    const { text, positions } = splitText("imagenet16-120", "imagenet-16-120-test-split.txt");
    const files: Record<string, Buffer | string> = { "imagenet-16-120-test-split.txt": text };
    // Every thirteenth image is of a class that is not kept.
    const batch = (kept: number, first: number) => {
      const labels = Array.from({ length: kept + Math.floor(kept / 12) }, (_, at) =>
        at % 13 === 12 ? 121 + (at % 10) : 0,
      );
      let number = first;
      const pixels = Buffer.alloc(labels.length * 768);
      for (const [at, label] of labels.entries()) {
        if (label === 0) labels[at] = (number % 120) + 1;
        pixels.writeUInt32LE(label === 0 ? number++ : 999_999, at * 768);
      }
      expect(number - first).toBe(kept);
      return imageBatch(pixels, labels, 3);
    };
    for (let file = 0; file < 10; file++) files[`train_data_batch_${file + 1}`] = batch(15_170, file * 15_170);
    files.val_data = batch(6000, 0);
    const splits = await openDataset(locateDataset("imagenet16-120"), recordedFolder(files));
    const train = splits.train();
    expect(numbersOf(train)).toEqual(range(151_700));
    expect(train.labels[151_699]).toBe(151_699 % 120);
    expect(numbersOf(splits.valid())).toEqual(positions.xvalid);
    expect(numbersOf(splits.test())).toEqual(positions.xtest);
  });
});
