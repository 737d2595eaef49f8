import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type CifarFiles, readCifarImageSet } from "../../core/training/cifar-file.ts";
import { pickImages } from "../../core/training/image-set.ts";
import { cifarBytes, madeUpPixel } from "../helpers/cifar-bytes.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { recordedFolder } from "../helpers/recorded-folder.ts";

const FINE = [3, 0, 9, 9, 1, 4, 2, 8, 5, 7];
const next = "fetch it";

/** Twenty images in two files. */
function twenty(labelBytes: 1 | 2): CifarFiles {
  const labels = FINE.map((fine) => (labelBytes === 1 ? [fine] : [99, fine]));
  const folder = recordedFolder({ "one.bin": cifarBytes(labels), "two.bin": cifarBytes(labels.toReversed(), 10) });
  return { folder, files: ["one.bin", "two.bin"], imagesPerFile: 10, labelBytes, classes: 10, next };
}

test.each([1, 2] as const)("twenty images with %i labels each, pixel by pixel", (labelBytes) => {
  const images = readCifarImageSet(twenty(labelBytes));
  expect([...images.labels]).toEqual([...FINE, ...FINE.toReversed()]);
  const { pixels, labels: _, ...shape } = images;
  expect(shape).toEqual({ count: 20, size: 32, channels: 3, classes: 10 });
  const expected = new Uint8Array(20 * 32 * 32 * 3);
  let at = 0;
  for (let image = 0; image < 20; image++)
    for (let row = 0; row < 32; row++)
      for (let column = 0; column < 32; column++)
        for (let channel = 0; channel < 3; channel++) expected[at++] = madeUpPixel(image, row, column, channel);
  expect(Buffer.compare(pixels, expected)).toBe(0);
});

test("images are picked in the order of the positions, and copied", () => {
  const images = readCifarImageSet(twenty(1));
  const picked = pickImages(images, [17, 2]);
  expect(picked).toMatchObject({ count: 2, size: 32, channels: 3, classes: 10 });
  expect([...picked.labels]).toEqual([FINE[2], FINE[2]]);
  expect(picked.pixels[0]).toBe(madeUpPixel(17, 0, 0, 0));
  expect(picked.pixels[3072 + 5]).toBe(madeUpPixel(2, 0, 1, 2));
  picked.pixels.fill(0);
  expect(images.pixels[17 * 3072]).toBe(madeUpPixel(17, 0, 0, 0));
});

const change = (name: string, bytes: Uint8Array | string) => (files: CifarFiles) =>
  writeFileSync(path.join(files.folder, name), bytes);

test.each<[string, string, (files: CifarFiles) => void]>([
  ["a missing file", "there is no two.bin", ({ folder }) => rmSync(path.join(folder, "two.bin"))],
  ["a changed file", "was changed since it was fetched", change("two.bin", "other")],
  ["a file that was never checked", "was not checked yet", change("checksums.json", "{}")],
  ["a broken list of checksums", "this is no list of checksums", change("checksums.json", '{"one.bin": 1}')],
])("%s is refused", (_, what, damage) => {
  const files = twenty(1);
  damage(files);
  const { code, details } = harnessErrorOf(() => readCifarImageSet(files));
  expect(code).toBe("NAS_IMAGES");
  expect(details.what).toContain(what);
  expect(details.where).toContain(files.folder);
  expect(details.next).toMatch(/fetch/);
});

test("a list of checksums that is no JSON is refused", () => {
  const files = twenty(1);
  change("checksums.json", "{")(files);
  expect(harnessErrorOf(() => readCifarImageSet(files)).code).toBe("NAS_JSON");
});

test("a file of another length, and a label that is no class", () => {
  const short = harnessErrorOf(() => readCifarImageSet({ ...twenty(1), imagesPerFile: 11 }));
  expect(short.details).toMatchObject({ what: "the file has 30730 bytes", allowed: "33803: 11 records of 3073" });
  const label = harnessErrorOf(() => readCifarImageSet({ ...twenty(1), classes: 9 }));
  expect(label.details.what).toBe("label 9 of image 2 is no class from 0 to 8");
  expect(label.details.where).toMatch(/one\.bin$/);
});
