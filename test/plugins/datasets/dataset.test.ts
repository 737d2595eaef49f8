import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { defineDataset, isDataset } from "../../../core/plugins/dataset.ts";
import { locateDataset, openDataset } from "../../../core/plugins/dataset-splits.ts";
import { loadDataset } from "../../../core/plugins/plugin-module.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { madeUpImages } from "../../helpers/idx-bytes.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { datasetManifest, IDX_SOURCE, writeDataset, writeIdxSplits } from "./dataset-plugin.ts";

/** The HarnessError that a promise is rejected with. */
async function rejectionOf(promise: Promise<unknown>): Promise<HarnessError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error("the action did not fail");
}

/** Opens a dataset with this entry. */
function openSource(source: string, dataFolder: string | null = null) {
  return openDataset(locateDataset(writeDataset(temporaryFolder(), datasetManifest(), source)), dataFolder);
}

/** An entry whose training images are this expression, where `images(count)` makes sound ones. */
const giving = (train: string) => `
import { defineDataset } from "nas-harness";
const images = (count, changes = {}) => ({
  pixels: new Uint8Array(count * 16), labels: new Uint8Array(count), count, size: 4, channels: 1, classes: 3, ...changes,
});
export default defineDataset({
  open: (context) => ({ train: () => ${train}, valid: () => images(3), test: () => images(3) }),
});`;

describe("a dataset from outside of the repository", () => {
  test("reads the user's folder if one is named, or else its own", async () => {
    const own = writeDataset(temporaryFolder());
    writeIdxSplits(own, 4);
    const data = temporaryFolder();
    writeIdxSplits(data, 4, 100);
    const plugin = locateDataset(own);
    expect((await openDataset(plugin)).train()).toEqual(madeUpImages(6, 4));
    expect((await openDataset(plugin, data)).train()).toEqual(madeUpImages(6, 4, 100));
    expect((await openDataset(plugin, path.relative(process.cwd(), data))).test()).toEqual(madeUpImages(3, 4, 120));
  });

  test("reads nothing when opened, and each split alone", async () => {
    const folder = writeDataset(temporaryFolder());
    const splits = await openDataset(locateDataset(folder));
    writeIdxSplits(folder, 4);
    for (const kind of ["images", "labels"]) rmSync(path.join(folder, `test-${kind}.idx`));
    expect(splits.train().count).toBe(6);
    expect(splits.valid().count).toBe(3);
    expect(harnessErrorOf(() => splits.test()).code).toBe("NAS_IMAGES");
  });

  test("gets its folder, the user's folder as absolute paths, and can't change them", async () => {
    const source = giving(`{
      if (!Object.isFrozen(context)) throw new Error("not frozen");
      throw new Error(JSON.stringify(context));
    }`);
    const splits = await openSource(source, "data");
    const { details } = harnessErrorOf(() => splits.train());
    const context = JSON.parse(/it threw: (.*)$/.exec(details.where as string)?.[1] as string);
    expect(Object.keys(context)).toEqual(["folder", "dataFolder"]);
    expect(path.isAbsolute(context.folder)).toBe(true);
    expect(context.dataFolder).toBe(path.resolve("data"));
  });
});

describe("a breach of the contract names the dataset, the call and every fault", () => {
  test.each([
    ["null", ["it is no object"]],
    [
      "images(5)",
      ["count is 5 instead of 6", "pixels has 80 entries instead of 96", "labels has 5 entries instead of 6"],
    ],
    ["images(6, { size: 8, channels: 3 })", ["size is 8 instead of 4", "channels is 3 instead of 1"]],
    ["images(6, { classes: 2 })", ["classes is 2 instead of 3"]],
    ["images(6, { labels: Uint8Array.of(0, 1, 2, 3, 2, 1) })", ["label 3 of image 3 is no class from 0 to 2"]],
    ["images(6, { pixels: [] })", ["pixels is no Uint8Array"]],
    ["{ throw new Error('disk on fire'); }", ["it threw: disk on fire"]],
    ["{ throw 'odd'; }", ["it threw: odd"]],
  ])("%s", async (train, faults) => {
    const splits = await openSource(giving(train));
    const { code, exitCode, details } = harnessErrorOf(() => splits.train());
    expect({ code, exitCode }).toEqual({ code: "NAS_DATASET", exitCode: 3 });
    expect(details.what).toBe("dataset made-up broke its contract in train");
    expect(details.where).toBe(faults.map((fault) => `- ${fault}`).join("\n"));
    expect(splits.valid().count).toBe(3);
  });

  test("an asynchronous split", async () => {
    const splits = await openSource(giving("Promise.resolve(images(6))"));
    expect(harnessErrorOf(() => splits.train()).details.where).toContain("- pixels is no Uint8Array");
  });

  test("open that throws, or that is no function", async () => {
    const entry = (open: string) =>
      `import { defineDataset } from "nas-harness";\nexport default defineDataset({ open: ${open} });`;
    for (const [open, reason] of [
      ["() => { throw new Error('odd'); }", "it threw: odd"],
      ["1", "it threw: dataset.open is not a function"],
    ] as const) {
      const error = await rejectionOf(openSource(entry(open)));
      expect(error.code).toBe("NAS_DATASET");
      expect(error.details).toMatchObject({ what: "dataset made-up broke its contract in open", where: `- ${reason}` });
    }
  });

  test("open that returns no splits", async () => {
    const splits = await openSource(
      'import { defineDataset } from "nas-harness";\nexport default defineDataset({ open: () => ({}) });',
    );
    expect(harnessErrorOf(() => splits.valid())).toMatchObject({ code: "NAS_DATASET" });
  });
});

describe("an entry that can't be used", () => {
  test.each([
    [
      "no default",
      'import { defineDataset } from "nas-harness";\nexport const d = defineDataset({ open: () => ({}) });',
    ],
    [
      "another kind",
      'import { defineAlgorithm } from "nas-harness";\nexport default defineAlgorithm({ create() {} });',
    ],
    ["a plain object", "export default { open() {} };"],
    ["null", "export default null;"],
  ])("%s", async (_, source) => {
    const error = await rejectionOf(openSource(source));
    expect(error.code).toBe("NAS_PLUGIN_ENTRY");
    expect(error.details.what).toBe("the entry of dataset made-up has no dataset as its default export");
    expect(error.details.allowed).toContain("defineDataset");
  });

  test("one that does not load", async () => {
    const error = await rejectionOf(openSource(IDX_SOURCE.replace("});\n", "")));
    expect(error.code).toBe("NAS_PLUGIN_ENTRY");
    expect(error.details.what).toContain("the entry of dataset made-up can't be loaded");
  });

  test("none: the plugin brings only a table", async () => {
    const { entry: _, ...manifest } = datasetManifest();
    const plugin = locateDataset(writeDataset(temporaryFolder(), manifest));
    const error = await rejectionOf(loadDataset(plugin));
    expect(error.code).toBe("NAS_PLUGIN_ENTRY");
    expect(error.details).toMatchObject({ where: plugin.folder, what: expect.stringContaining("brings no images") });
  });
});

test("what defineDataset returns is frozen and recognised", () => {
  const dataset = defineDataset({ open: () => ({}) as never });
  expect(Object.isFrozen(dataset)).toBe(true);
  expect(dataset.derivation).toBeNull();
  expect([dataset, {}, null, "x"].map(isDataset)).toEqual([true, false, false, false]);
});
