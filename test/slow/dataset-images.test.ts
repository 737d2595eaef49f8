import path from "node:path";
import { expect, test } from "vitest";
import { datasetChecks } from "../../core/conformance/dataset-conformance.ts";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { madeChecks, namesOf } from "../conformance/made-checks.ts";
import { editJson, editText, writeNewDataset } from "../helpers/new-dataset.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const fresh = () => writeNewDataset(path.join(temporaryFolder(), "my-dataset"));
const NEED_IMAGES = ["same-twice", "disjoint", "labels", "checksums"];

test("a new dataset passes; what it does not bring is skipped", async () => {
  const results = await madeChecks(fresh());
  expect(namesOf(results, "failed")).toEqual([]);
  expect(namesOf(results, "skipped")).toEqual(["checksums", "table"]);
});

/** Replacements in the entry, the checks that then fail, and what they say. The checks that look at images are made. */
test.each<[string, [part: string, replacement: string][], fails: string[], shown: RegExp]>([
  [
    "has the same images in two splits",
    [["draw(64, 2)", "draw(64, 1)"]],
    ["disjoint"],
    /^images of both train and valid: 64 \(the first: train 0 and valid 0\)$/,
  ],
  ["gives too few images", [["draw(64, 3)", "draw(60, 3)"]], ["images"], /^test: count is 60 instead of 64$/],
  [
    "gives images of another size",
    [["const [SIZE, CLASSES] = [8, 4]", "const [SIZE, CLASSES] = [4, 4]"]],
    ["images"],
    /^train: size is 4 instead of 8$/,
  ],
  [
    "gives a list of pixels",
    [["return { pixels,", "return { pixels: [...pixels] as never,"]],
    ["images"],
    /^train: pixels is no Uint8Array$/,
  ],
  [
    "promises images",
    [["train: () => draw(512, 1)", "train: async () => draw(512, 1)"]],
    ["images"],
    /^train: count is undefined/,
  ],
  [
    "throws in a call",
    [["draw(64, 2)", '{ throw new Error("no disk"); }']],
    ["images"],
    /^dataset my-dataset broke its contract in valid \(it threw: no disk\)/,
  ],
  [
    "throws when it is opened",
    [["open: () => ({", 'open: () => { throw new Error("no disk"); }, unused: () => ({']],
    ["images"],
    /in open \(it threw: no disk\)/,
  ],
  [
    "throws when it is loaded",
    [["export default", 'throw new Error("no disk");\nexport default']],
    ["images"],
    /can't be loaded: no disk/,
  ],
  [
    "exports something else",
    [["export default defineDataset", "export const dataset = defineDataset"]],
    ["images"],
    /no dataset as its default export/,
  ],
  ["lacks a split", [["valid: () => draw(64, 2), ", ""]], ["images"], /in valid \(it threw: .*is not a function\)/],
  [
    "has a label that is no class",
    [["image % CLASSES", "image % 5"]],
    ["labels"],
    /^train: label 4 of image 4 is no class from 0 to 3$/,
  ],
  ["lacks a class", [["image % CLASSES", "image % 3"]], ["labels"], /^train: there is no image of class 3$/],
  [
    "draws other images at each call",
    [
      ["let state = seed;", "let state = seed + 1000 * calls++;"],
      ["function draw", "let calls = 0;\nfunction draw"],
    ],
    ["same-twice"],
    /^train is another one when it is read again$/,
  ],
  [
    "draws other images in each process",
    [["let state = seed;", "let state = seed + process.pid;"]],
    ["same-twice"],
    /^train is another one in a fresh process$/,
  ],
  [
    "ends a process that is not the first",
    [["export default", 'if (process.argv[1]?.includes("dataset-digest")) process.exit(7);\nexport default']],
    ["same-twice"],
    /^in a fresh process: .*exit code 7 and without an answer$/,
  ],
  [
    "gives every split the same array",
    [
      ["new Uint8Array(count * SIZE * SIZE)", "SHARED.subarray(0, count * SIZE * SIZE)"],
      ["function draw", "const SHARED = new Uint8Array(32_768);\nfunction draw"],
    ],
    ["same-twice", "disjoint"],
    /^train is another one after the other splits were read: each needs arrays of its own$/,
  ],
])("a dataset that %s fails the check for that", async (_, replacements, fails, shown) => {
  const folder = fresh();
  for (const [part, replacement] of replacements) editText(path.join(folder, "index.ts"), part, replacement);
  const results = await madeChecks(folder, ["manifest", "images", ...NEED_IMAGES]);
  expect(namesOf(results, "failed")).toEqual(fails);
  expect(results.find(({ name }) => name === fails[0])?.reasons.join("\n")).toMatch(new RegExp(shown.source, "m"));
  const skipped = fails[0] === "images" ? NEED_IMAGES : ["checksums"];
  expect(namesOf(results, "skipped")).toEqual(skipped);
});

test("images twice in a split are told, and are no fault", async () => {
  const folder = fresh();
  editText(path.join(folder, "index.ts"), "draw(512, 1)", "twice(draw(512, 1))");
  editText(
    path.join(folder, "index.ts"),
    "function draw",
    "const twice = (images: ImageSet) => { images.pixels.copyWithin(64, 0, 64); return images; };\nfunction draw",
  );
  const results = await madeChecks(folder, ["disjoint", "labels"]);
  expect(results[0]).toMatchObject({
    outcome: "passed",
    reasons: ["images of train that it has already: 1 (the first: train 0 and train 1)"],
  });
});

test("a built-in dataset's name is no name for another one", async () => {
  const folder = fresh();
  editJson<DatasetManifest>(path.join(folder, "plugin.json"), (manifest) => {
    manifest.name = "fashion-mnist";
  });
  const results = await madeChecks(folder, ["manifest", "protocol"]);
  expect(namesOf(results, "failed")).toEqual(["manifest", "protocol"]);
  expect(results[0]?.reasons).toEqual([expect.stringContaining("fashion-mnist is a built-in dataset")]);
  expect(namesOf(await madeChecks("fashion-mnist-8x8", ["manifest"]), "passed")).toEqual(["manifest"]);
});

test("a dataset without an entry brings no images: nothing of them is looked at", async () => {
  const folder = fresh();
  editJson<DatasetManifest>(path.join(folder, "plugin.json"), (manifest) => {
    delete manifest.entry;
  });
  const results = await madeChecks(folder);
  expect(namesOf(results, "failed")).toEqual([]);
  expect(namesOf(results, "passed")).toEqual(["manifest", "protocol"]);
});

test("as tests of a plugin: each check runs for itself, and throws what it finds", async () => {
  const folder = fresh();
  editText(path.join(folder, "index.ts"), "draw(64, 2)", "draw(64, 1)");
  const checks = datasetChecks(folder);
  const run = (name: string) => checks.find((check) => check.name === name)?.run();
  await run("images");
  await run("table");
  await expect(run("disjoint")).rejects.toMatchObject({
    code: "NAS_DATASET",
    details: {
      what: "dataset my-dataset fails 1 check",
      where: expect.stringContaining("images of both train and valid"),
    },
  });
});
