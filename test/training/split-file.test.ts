import { expect, test } from "vitest";
import { parseSplitFile, readSplitFile, type SplitParts } from "../../core/training/split-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { recordedFolder } from "../helpers/recorded-folder.ts";

const PARTS: SplitParts = { train: { count: 3, first: [0, 4] }, valid: { count: 2, first: [1] } };
const split = (train: unknown, valid: unknown) => JSON.stringify({ train, valid });
const ints = (...entries: unknown[]) => ["int", entries.map(String)];

test("a file as the authors write it, read in its order", () => {
  const text = '{\n  "train"     : ["int"   , ["0", "4", "2"]],\n  "valid" : ["int", ["1", "3"]]\n}';
  const folder = recordedFolder({ "split.txt": text });
  const positions = readSplitFile({ folder, file: "split.txt", parts: PARTS, next: "fetch it" });
  expect(positions).toEqual({ train: Uint32Array.of(0, 4, 2), valid: Uint32Array.of(1, 3) });
});

test.each<[string, string, string[]]>([
  ["too few", split(ints(0, 4), ints(1, 3)), ["train has 2 entries instead of 3"]],
  [
    "too many",
    split(ints(0, 4, 2, 3), ints(1)),
    ["train has 4 entries instead of 3", "valid has 1 entries instead of 2"],
  ],
  ["an image in both", split(ints(0, 4, 2), ints(1, 2)), ["valid names image 2, which train has already"]],
  ["an image twice", split(ints(0, 4, 0), ints(1, 3)), ["train names image 0, which train has already"]],
  ["an image that is none", split(ints(0, 4, 5), ints(1, 3)), ["train names image 5; there are 5"]],
  ["another split", split(ints(0, 3, 2), ints(1, 4)), ["train starts with 0,3 instead of 0,4"]],
  ["no part", JSON.stringify({ train: ints(0, 4, 2) }), ['valid is not ["int", [positions]]']],
  ["another type", split(["float", ["0", "4", "2"]], ints(1, 3)), ['train is not ["int", [positions]]']],
  ["no number", split(ints(0, 4, "x"), ints(1, 3)), ['train is not ["int", [positions]]']],
  ["a number below 0", split(ints(0, 4, -2), ints(1, 3)), ['train is not ["int", [positions]]']],
  ["a list", "[]", ['train is not ["int", [positions]]', 'valid is not ["int", [positions]]']],
])("%s is refused, with every fault", (_, text, faults) => {
  const { code, details } = harnessErrorOf(() => parseSplitFile(text, "split.txt", PARTS, "fetch it"));
  expect(code).toBe("NAS_IMAGES");
  expect(details.where).toBe(["split.txt", ...faults.map((fault) => `- ${fault}`)].join("\n"));
  expect(details).toMatchObject({ allowed: "train: 3 images; valid: 2 images", next: "fetch it" });
});

test("no JSON is refused", () => {
  expect(harnessErrorOf(() => parseSplitFile("<html>", "split.txt", PARTS, "fetch it")).code).toBe("NAS_JSON");
});
