import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type IdxImageFiles, pack, readIdxImageSet, readUnpacked, sha256Of } from "../../core/training/idx-file.ts";
import { encodeIdxImages, encodeIdxLabels } from "../../core/training/idx-format.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { idxBytes, idxImages, idxLabels, madeUpImages } from "../helpers/idx-bytes.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const IMAGES = idxImages(4, 3);
const LABELS = idxLabels([0, 2, 1, 2]);

/** Writes files into a folder of their own and says how to read them. */
function written(contents: Readonly<Record<string, Uint8Array>>, more: Partial<IdxImageFiles> = {}): IdxImageFiles {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(path.join(folder, name), bytes);
  return { folder, images: "images.idx", labels: "labels.idx", classes: 3, ...more };
}

const EXPECTED = {
  pixels: Uint8Array.from({ length: 36 }, (_, at) => at),
  labels: Uint8Array.of(0, 2, 1, 2),
  count: 4,
  size: 3,
  channels: 1,
  classes: 3,
};

test.each<[string, Record<string, Uint8Array>]>([
  ["plain", { "images.idx": IMAGES, "labels.idx": LABELS }],
  ["gzipped", { "images.idx.gz": gzipSync(IMAGES), "labels.idx.gz": gzipSync(LABELS) }],
  ["gzipped without saying so, and plain with .gz", { "images.idx": gzipSync(IMAGES), "labels.idx.gz": LABELS }],
  [
    "of two gzip members",
    {
      "images.idx.gz": Buffer.concat([gzipSync(IMAGES.subarray(0, 20)), gzipSync(IMAGES.subarray(20))]),
      "labels.idx": LABELS,
    },
  ],
])("files that are %s", (_, contents) => {
  const sha256 = { "images.idx": sha256Of(IMAGES), "labels.idx": sha256Of(LABELS) };
  expect(readIdxImageSet(written(contents, { sha256 }))).toEqual(EXPECTED);
});

describe("a malformed file is refused with its name and byte", () => {
  const flippedBit = gzipSync(IMAGES);
  flippedBit[20] = (flippedBit[20] as number) ^ 1;
  const cases: [name: string, file: "images.idx" | "labels.idx", bytes: Uint8Array, what: RegExp, where: string][] = [
    ["empty images", "images.idx", Buffer.alloc(0), /ends inside its header/, "byte 0 of the unpacked"],
    ["empty labels", "labels.idx", Buffer.alloc(0), /ends inside its header/, "byte 0 of the unpacked"],
    ["three bytes", "images.idx", IMAGES.subarray(0, 3), /ends inside its header/, "byte 3 of the unpacked"],
    ["half a header", "images.idx", IMAGES.subarray(0, 15), /ends inside its header/, "byte 15 of the unpacked"],
    [
      "half a header of labels",
      "labels.idx",
      LABELS.subarray(0, 7),
      /ends inside its header/,
      "byte 7 of the unpacked",
    ],
    ["labels for images", "images.idx", LABELS, /are 0x00000801, that of a file of labels/, "byte 0 of the unpacked"],
    ["images for labels", "labels.idx", IMAGES, /are 0x00000803, that of a file of images/, "byte 0 of the unpacked"],
    [
      "text",
      "images.idx",
      Buffer.from("not an IDX file, but text"),
      /first four bytes are 0x6e6f7420$/,
      "byte 0 of the unpacked",
    ],
    [
      "four dimensions",
      "images.idx",
      idxBytes(0x804, [1, 3, 3, 4], Buffer.alloc(36)),
      /are 0x00000804$/,
      "byte 0 of the unpacked",
    ],
    [
      "values of another type",
      "images.idx",
      idxBytes(0xd03, [1, 3, 3], Buffer.alloc(36)),
      /are 0x00000d03$/,
      "byte 0 of the unpacked",
    ],
    [
      "little-endian",
      "labels.idx",
      Buffer.from([1, 8, 0, 0, 4, 0, 0, 0, 0, 1, 2, 0]),
      /are 0x01080000$/,
      "byte 0 of the unpacked",
    ],
    ["no images", "images.idx", idxImages(0, 3), /a dimension is 0/, "byte 4 of the unpacked"],
    ["no height", "images.idx", idxImages(4, 0, 3), /a dimension is 0/, "byte 8 of the unpacked"],
    ["no width", "images.idx", idxImages(4, 3, 0), /a dimension is 0/, "byte 12 of the unpacked"],
    ["no labels", "labels.idx", idxLabels([]), /a dimension is 0/, "byte 4 of the unpacked"],
    ["one byte less", "images.idx", IMAGES.subarray(0, -1), /truncated: it has 51 bytes/, "byte 51 of the unpacked"],
    ["the header alone", "images.idx", IMAGES.subarray(0, 16), /truncated: it has 16 bytes/, "byte 16 of the unpacked"],
    [
      "one byte more",
      "images.idx",
      Buffer.concat([IMAGES, Buffer.alloc(1)]),
      /goes on after its last value: it has 53/,
      "byte 52 of the unpacked",
    ],
    ["one label less", "labels.idx", LABELS.subarray(0, -1), /truncated: it has 11 bytes/, "byte 11 of the unpacked"],
    [
      "one byte after the labels",
      "labels.idx",
      Buffer.concat([LABELS, Buffer.alloc(1)]),
      /goes on after its last value/,
      "byte 12 of the unpacked",
    ],
    [
      "sizes past what a number holds",
      "images.idx",
      idxBytes(0x803, [0xffffffff, 0xffffffff, 0xffffffff], [0]),
      /truncated: it has 17 bytes/,
      "byte 17 of the unpacked",
    ],
    ["images that are not square", "images.idx", idxImages(4, 3, 5), /have 3x5 pixels/, "byte 8 of the unpacked"],
    [
      "a label that is no class",
      "labels.idx",
      idxLabels([0, 1, 3, 4]),
      /image 2 has label 3/,
      "byte 10 of the unpacked",
    ],
    ["fewer labels", "labels.idx", idxLabels([0, 1, 2]), /4 images and 3 labels/, "byte 4 of the unpacked"],
    ["more labels", "labels.idx", idxLabels([0, 1, 2, 0, 1]), /4 images and 5 labels/, "byte 4 of the unpacked"],
    ["half a gzip header", "images.idx", gzipSync(IMAGES).subarray(0, 5), /gzip file is malformed/, "(5 bytes)"],
    [
      "a truncated gzip file",
      "labels.idx",
      gzipSync(LABELS).subarray(0, -4),
      /gzip file is malformed: unexpected end/,
      "bytes)",
    ],
    ["a gzip file with a flipped bit", "images.idx", flippedBit, /gzip file is malformed/, "bytes)"],
    [
      "a gzip file and zeros",
      "images.idx",
      Buffer.concat([gzipSync(IMAGES), Buffer.alloc(3)]),
      /goes on after its end/,
      `byte ${gzipSync(IMAGES).length} of the packed`,
    ],
    [
      "a gzip file and text",
      "images.idx",
      Buffer.concat([gzipSync(IMAGES), Buffer.from("more")]),
      /gzip file is malformed/,
      "bytes)",
    ],
  ];
  test.each(cases)("%s", (_, name, bytes, what, where) => {
    const files = written({ "images.idx": IMAGES, "labels.idx": LABELS, [name]: bytes });
    const { code, details, exitCode } = harnessErrorOf(() => readIdxImageSet(files));
    expect({ code, exitCode }).toEqual({ code: "NAS_IMAGES", exitCode: 4 });
    expect(details.what).toMatch(what);
    expect(details.where).toContain(path.join(files.folder, name));
    expect(details.where).toContain(where);
    expect(details.next).toBeTruthy();
  });

  test("and every file that is cut off anywhere", () => {
    for (let length = 0; length < IMAGES.length; length++) {
      const files = written({ "images.idx": IMAGES.subarray(0, length), "labels.idx": LABELS });
      expect(harnessErrorOf(() => readIdxImageSet(files)).code, `${length} bytes`).toBe("NAS_IMAGES");
    }
  });
});

test.each(["images.idx", "labels.idx"])("a missing %s is told with what to do", (name) => {
  const contents: Record<string, Uint8Array> = { "images.idx": IMAGES, "labels.idx": LABELS };
  delete contents[name];
  const files = written(contents, { next: "install the package" });
  const error = harnessErrorOf(() => readIdxImageSet(files));
  expect(error.toReport()).toEqual({
    code: "NAS_IMAGES",
    what: `there is neither ${name} nor ${name}.gz`,
    where: files.folder,
    next: "install the package",
  });
  expect(harnessErrorOf(() => readIdxImageSet({ ...files, folder: path.join(files.folder, "none") })).code).toBe(
    "NAS_IMAGES",
  );
});

test("a folder in a file's place can't be read", () => {
  const files = written({ "labels.idx": LABELS });
  mkdirSync(path.join(files.folder, "images.idx"));
  expect(harnessErrorOf(() => readIdxImageSet(files)).code).toBe("NAS_FILE_UNREADABLE");
});

test.each(["images.idx", "labels.idx"])("a sound %s with another content than its checksum says is refused", (name) => {
  const sha256 = { "images.idx": sha256Of(IMAGES), "labels.idx": sha256Of(LABELS), [name]: "0".repeat(64) };
  const files = written({ "images.idx": IMAGES, "labels.idx.gz": gzipSync(LABELS) }, { sha256 });
  const { code, details } = harnessErrorOf(() => readIdxImageSet(files));
  expect(code).toBe("NAS_IMAGES");
  expect(details.what).toContain(sha256Of(name === "images.idx" ? IMAGES : LABELS));
  expect(details).toMatchObject({
    where: path.join(files.folder, name === "images.idx" ? name : "labels.idx.gz"),
    allowed: "0".repeat(64),
  });
});

describe("writing", () => {
  test("gives the bytes that the format says, and reading gives the images again", () => {
    const images = madeUpImages(5, 4);
    expect(Buffer.from(encodeIdxImages(images))).toEqual(idxImages(5, 4));
    expect(Buffer.from(encodeIdxLabels(images))).toEqual(idxLabels([0, 1, 2, 0, 1]));
    const files = written({
      "images.idx.gz": pack(encodeIdxImages(images)),
      "labels.idx.gz": pack(encodeIdxLabels(images)),
    });
    expect(readIdxImageSet(files)).toEqual(images);
  });

  test("packs without time, name and operating system", () => {
    const packed = pack(IMAGES);
    expect([...packed.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    expect(gunzipSync(packed)).toEqual(IMAGES);
    expect(pack(IMAGES)).toEqual(packed);
    const file = path.join(temporaryFolder(), "packed");
    writeFileSync(file, packed);
    expect(Buffer.from(readUnpacked(file))).toEqual(IMAGES);
  });

  test("images of several channels are refused", () => {
    const images = { ...madeUpImages(1, 4), channels: 3, pixels: new Uint8Array(48) };
    expect(harnessErrorOf(() => encodeIdxImages(images))).toMatchObject({ code: "NAS_DATASET", exitCode: 3 });
  });
});
