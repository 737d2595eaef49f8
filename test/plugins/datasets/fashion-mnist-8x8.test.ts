import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { locateDataset, openDataset, SPLIT_NAMES } from "../../../core/plugins/dataset-splits.ts";
import { countByClass, type ImageSet } from "../../../core/training/image-set.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const plugin = locateDataset("fashion-mnist-8x8");
const splits = await openDataset(plugin);

/** An image of a set as text, to find it in another set. */
function imageKeys({ pixels, count, size }: ImageSet): string[] {
  const perImage = size * size;
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(pixels.subarray(at * perImage, (at + 1) * perImage)).toString("latin1"),
  );
}

/** The plugin opened from a copy of its folder. */
async function copied(change: (images: string) => void) {
  const folder = path.join(temporaryFolder(), "copy");
  cpSync(plugin.folder, folder, { recursive: true });
  change(path.join(folder, "images"));
  return { folder, splits: await openDataset(locateDataset(folder)) };
}

test("the splits have the manifest's numbers, the official counts by class and 8x8 pixels", () => {
  const counts = Object.fromEntries(SPLIT_NAMES.map((split) => [split, countByClass(splits[split]())]));
  expect(counts).toEqual({
    train: [4977, 5012, 4992, 4979, 4950, 5004, 5030, 5045, 5032, 4979],
    valid: [1023, 988, 1008, 1021, 1050, 996, 970, 955, 968, 1021],
    test: new Array(10).fill(1000),
  });
  // The official training images are 6,000 of each class.
  expect(counts.train?.map((count, at) => count + (counts.valid?.[at] as number))).toEqual(new Array(10).fill(6000));
  expect(splits.train()).toMatchObject({ count: 50_000, size: 8, channels: 1, classes: 10 });
});

test("no image is in two splits, or twice in one", () => {
  const keys = SPLIT_NAMES.flatMap((split) => imageKeys(splits[split]()));
  expect(keys).toHaveLength(70_000);
  expect(new Set(keys).size).toBe(70_000);
});

describe("each split reads its own files only", () => {
  test.each(SPLIT_NAMES)("%s is there without the files of the others", async (split) => {
    const copy = await copied((images) => {
      for (const name of readdirSync(images)) {
        if (name.endsWith(".gz") && !name.startsWith(split)) rmSync(path.join(images, name));
      }
    });
    expect(copy.splits[split]().labels).toEqual(splits[split]().labels);
    for (const other of SPLIT_NAMES.filter((name) => name !== split)) {
      const { code, details } = harnessErrorOf(() => copy.splits[other]());
      expect(code).toBe("NAS_IMAGES");
      expect(details.what).toBe(`there is neither ${other}-images.idx nor ${other}-images.idx.gz`);
    }
  });

  test("and no two splits share a file's content", () => {
    const checksums = JSON.parse(readFileSync(path.join(plugin.folder, "images/checksums.json"), "utf8"));
    expect(Object.keys(checksums)).toHaveLength(6);
    expect(new Set(Object.values(checksums)).size).toBe(6);
    const files = readdirSync(path.join(plugin.folder, "images")).sort();
    expect(files).toEqual(["checksums.json", ...Object.keys(checksums).map((name) => `${name}.gz`)].sort());
  });
});

test("one changed pixel, packed again, is detected", async () => {
  const copy = await copied((images) => {
    const file = path.join(images, "valid-images.idx.gz");
    const bytes = gunzipSync(readFileSync(file));
    bytes[5000] = (bytes[5000] as number) ^ 1;
    writeFileSync(file, gzipSync(bytes));
  });
  const { code, details } = harnessErrorOf(() => copy.splits.valid());
  expect(code).toBe("NAS_IMAGES");
  expect(details.what).toMatch(/^this is not the expected file/);
  expect(details.where).toBe(path.join(copy.folder, "images/valid-images.idx.gz"));
  expect(copy.splits.train().count).toBe(50_000);
});
