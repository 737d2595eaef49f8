import { symlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { DatasetSplits } from "../../../core/plugins/dataset.ts";
import { locateDataset, openDataset, SPLIT_NAMES } from "../../../core/plugins/dataset-splits.ts";
import { loadDataset } from "../../../core/plugins/plugin-module.ts";
import { readUnpacked } from "../../../core/training/idx-file.ts";
import { countByClass } from "../../../core/training/image-set.ts";
import { FASHION_MNIST_FOLDER, hasFashionMnist, needsFashionMnist } from "../../helpers/fashion-mnist-files.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const plugin = locateDataset("fashion-mnist");

test("without its files it says which package provides them", async () => {
  const folder = temporaryFolder();
  const splits = await openDataset(plugin, folder);
  for (const split of SPLIT_NAMES) {
    const { code, details } = harnessErrorOf(() => splits[split]());
    expect(code).toBe("NAS_IMAGES");
    expect(details.where).toBe(folder);
    expect(details.what).toContain(split === "test" ? "t10k-images-idx3-ubyte" : "train-images-idx3-ubyte");
    expect(details.next).toContain("dataset-fashion-mnist");
  }
});

test("it is not derived; the 8x8 images are derived from it", async () => {
  expect((await loadDataset(plugin)).derivation).toBeNull();
  expect((await loadDataset(locateDataset("fashion-mnist-8x8"))).derivation?.from).toBe("fashion-mnist");
});

/** A folder with links to some of the official files. */
function linked(part: "train" | "t10k"): string {
  const folder = temporaryFolder();
  for (const name of [`${part}-images-idx3-ubyte.gz`, `${part}-labels-idx1-ubyte.gz`]) {
    symlinkSync(path.join(FASHION_MNIST_FOLDER, name), path.join(folder, name));
  }
  return folder;
}

describe.skipIf(!hasFashionMnist)(needsFashionMnist("the official files"), () => {
  let splits: DatasetSplits;
  beforeAll(async () => {
    splits = await openDataset(plugin);
  });

  test("train is their first 50,000 training images, valid the last 10,000, test their test images", () => {
    const official = readUnpacked(path.join(FASHION_MNIST_FOLDER, "train-images-idx3-ubyte.gz")).subarray(16);
    const border = 50_000 * 28 * 28;
    const train = splits.train();
    const valid = splits.valid();
    expect({ train: train.count, valid: valid.count, size: train.size }).toEqual({
      train: 50_000,
      valid: 10_000,
      size: 28,
    });
    expect(Buffer.compare(train.pixels, official.subarray(0, border))).toBe(0);
    expect(Buffer.compare(valid.pixels, official.subarray(border))).toBe(0);
    const labels = readUnpacked(path.join(FASHION_MNIST_FOLDER, "train-labels-idx1-ubyte.gz")).subarray(8);
    expect(Buffer.compare(Buffer.concat([train.labels, valid.labels]), labels)).toBe(0);
    const testImages = readUnpacked(path.join(FASHION_MNIST_FOLDER, "t10k-images-idx3-ubyte.gz")).subarray(16);
    expect(Buffer.compare(splits.test().pixels, testImages)).toBe(0);
    expect(countByClass(splits.test())).toEqual(new Array(10).fill(1000));
  });

  test("train and valid open where there are no test files, test where there are no others", async () => {
    const withoutTest = await openDataset(plugin, linked("train"));
    expect(withoutTest.train().count).toBe(50_000);
    expect(withoutTest.valid().count).toBe(10_000);
    expect(harnessErrorOf(() => withoutTest.test()).code).toBe("NAS_IMAGES");
    const onlyTest = await openDataset(plugin, linked("t10k"));
    expect(onlyTest.test().count).toBe(10_000);
    expect(harnessErrorOf(() => onlyTest.train()).code).toBe("NAS_IMAGES");
  });

  test("other files under their names are refused", async () => {
    const folder = temporaryFolder();
    // The official test files in the place of the training files.
    for (const kind of ["images-idx3", "labels-idx1"]) {
      symlinkSync(
        path.join(FASHION_MNIST_FOLDER, `t10k-${kind}-ubyte.gz`),
        path.join(folder, `train-${kind}-ubyte.gz`),
      );
    }
    const swapped = await openDataset(plugin, folder);
    const { code, details } = harnessErrorOf(() => swapped.train());
    expect(code).toBe("NAS_IMAGES");
    expect(details.what).toMatch(/^this is not the expected file/);
  });
});
