import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, inject, test } from "vitest";
import { areaAverage } from "../../core/training/area-average.ts";
import { readIdxImageSet, sha256Of } from "../../core/training/idx-file.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { contentOf, filesBelow } from "../helpers/folder-content.ts";
import { madeUpImages } from "../helpers/idx-bytes.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { DERIVED_SOURCE, datasetManifest, writeDataset, writeIdxSplits } from "../plugins/datasets/dataset-plugin.ts";

const NAMES = ["train", "valid", "test"].flatMap((split) => [`${split}-images.idx`, `${split}-labels.idx`]);

function run(cwd: string, ...words: string[]): Promise<CommandResult> {
  return runCommandLine(["dataset", ...words], { cwd });
}

/** A folder with two datasets: `source`, whose files are in `data`, and `derived`, which has none yet. */
function workFolder(derivedSource = DERIVED_SOURCE): string {
  const folder = temporaryFolder();
  const images = { ...datasetManifest().images, size: 6 };
  writeDataset(path.join(folder, "source"), datasetManifest({ name: "source", images }));
  writeDataset(path.join(folder, "derived"), datasetManifest({ name: "derived" }), derivedSource);
  writeIdxSplits(path.join(folder, "data"), 6);
  return folder;
}

const DERIVE = ["derive", "./derived", "--from", "data"];

describe("dataset derive", () => {
  test("--output writes gzipped IDX files, each split's its own, and the checksums of their content", async () => {
    const cwd = workFolder();
    const { exitCode, stdout, stderr } = await run(cwd, ...DERIVE, "--output", "out");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "wrote 6 files and checksums.json to out\n" });
    const out = path.join(cwd, "out");
    expect(readdirSync(out).sort()).toEqual(["checksums.json", ...NAMES.map((name) => `${name}.gz`)].sort());
    const sha256 = JSON.parse(readFileSync(path.join(out, "checksums.json"), "utf8"));
    expect(Object.keys(sha256)).toEqual(NAMES);
    for (const [split, count, first] of [
      ["train", 6, 0],
      ["valid", 3, 10],
      ["test", 3, 20],
    ] as const) {
      const files = { folder: out, images: `${split}-images.idx`, labels: `${split}-labels.idx`, classes: 3, sha256 };
      expect(readIdxImageSet(files)).toEqual(areaAverage(madeUpImages(count, 6, first), 4));
    }
    for (const name of NAMES) {
      const content = gunzipSync(readFileSync(path.join(out, `${name}.gz`)));
      expect(sha256[name]).toBe(sha256Of(content));
      expect(stdout).toMatch(new RegExp(`^${name} +${content.length} +\\d+  ${sha256[name]}$`, "m"));
    }
  });

  test("gives the same bytes every time; what is there is replaced only with --overwrite", async () => {
    const cwd = workFolder();
    await run(cwd, ...DERIVE, "--output", "out");
    await run(cwd, ...DERIVE, "--output", "again/");
    const content = contentOf(path.join(cwd, "out"));
    expect(contentOf(path.join(cwd, "again"))).toEqual(content);

    writeIdxSplits(path.join(cwd, "data"), 6, 50);
    const refused = await run(cwd, ...DERIVE, "--output", "out");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^NAS_OUTPUT_EXISTS: .*\n {2}where: {3}out\n/);
    expect(contentOf(path.join(cwd, "out"))).toEqual(content);
    expect((await run(cwd, ...DERIVE, "--output", "out", "--overwrite")).exitCode).toBe(0);
    expect(contentOf(path.join(cwd, "out"))).not.toEqual(content);
  });

  test("--check compares with the dataset's own images and writes nothing", async () => {
    const cwd = workFolder();
    await run(cwd, ...DERIVE, "--output", "derived");
    const before = contentOf(cwd);
    const same = await run(cwd, ...DERIVE, "--check");
    expect(same).toMatchObject({ exitCode: 0, stderr: "the images are those of derived 1.0.0\n" });

    // Another pixel in training image 4 (its first, whose mean moves) and another label of test image 2.
    const change = (name: string, byte: number, value: number) => {
      const bytes = readFileSync(path.join(cwd, "data", name));
      bytes[byte] = value;
      writeFileSync(path.join(cwd, "data", name), bytes);
    };
    expect(contentOf(cwd)).toEqual(before);
    change("train-images.idx", 16 + 4 * 36, 255);
    change("test-labels.idx", 8 + 2, 0);
    const { exitCode, stdout, stderr } = await run(cwd, ...DERIVE, "--check", "--json");
    expect(exitCode).toBe(4);
    expect(stderr).toContain("NAS_IMAGES: the derived images are not those of derived");
    expect(JSON.parse(stdout).error.where).toBe(
      "- train: image 4 is the first that differs\n- test: image 2 is the first that differs",
    );
  });

  test("--check of a dataset whose own images are not there says so", async () => {
    const { exitCode, stderr } = await run(workFolder(), ...DERIVE, "--check");
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^NAS_IMAGES: there is neither train-images\.idx nor train-images\.idx\.gz\n/);
  });

  test("--json prints one document", async () => {
    const cwd = workFolder();
    const { stdout, stderr } = await run(cwd, ...DERIVE, "--output", "out", "--json");
    expect(stderr).toBe("");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ dataset: "derived", version: "1.0.0", source: "../source", folder: "out" });
    expect(document.files.map(({ name }: { name: string }) => name)).toEqual(NAMES);
    expect(Object.keys(document.files[0])).toEqual(["name", "sha256", "bytes", "packedBytes"]);
  });

  test.each<[string, string[], string]>([
    ["neither --output nor --check", DERIVE, "nothing says what to do"],
    ["both", [...DERIVE, "--output", "out", "--check"], "--check writes nothing"],
    ["no --from", ["derive", "./derived", "--check"], "--from <folder>"],
    [
      "a dataset that is not derived",
      ["derive", "./source", "--from", "data", "--check"],
      "dataset source is not derived",
    ],
  ])("%s is wrong usage", async (_, words, what) => {
    const cwd = workFolder();
    const { exitCode, stderr } = await run(cwd, ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^NAS_USAGE: /);
    expect(stderr).toContain(what);
    expect(existsSync(path.join(cwd, "out"))).toBe(false);
  });

  test.each<[string, (source: string) => string, (cwd: string) => void, string, number]>([
    [
      "a malformed file",
      (s) => s,
      (cwd) => writeFileSync(path.join(cwd, "data/test-images.idx"), "x"),
      "NAS_IMAGES",
      4,
    ],
    ["images of a wrong size", (s) => s.replace("(images, 4)", "(images, 3)"), () => {}, "NAS_DATASET", 3],
    ["a size that can't be", (s) => s.replace("(images, 4)", "(images, 7)"), () => {}, "NAS_DATASET", 3],
    ["a transform that throws", (s) => s.replace("areaAverage(images, 4)", "odd()"), () => {}, "NAS_DATASET", 3],
    ["an unknown source", (s) => s.replace("../source", "../nothing"), () => {}, "NAS_PLUGIN_NOT_FOUND", 2],
    ["an output that is a file", (s) => s, (cwd) => writeFileSync(path.join(cwd, "out"), "x"), "NAS_WRITE_FAILED", 4],
  ])("after %s nothing is written", async (_, changeSource, change, code, exit) => {
    const cwd = workFolder(changeSource(DERIVED_SOURCE));
    change(cwd);
    const before = filesBelow(cwd);
    const { exitCode, stderr } = await run(cwd, ...DERIVE, "--output", "out");
    expect(stderr).toMatch(new RegExp(`^${code}: `));
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(exit);
    expect(filesBelow(cwd)).toEqual(before);
  });
});

describe("dataset info", () => {
  test("shows shape, licence and the images of each class", async () => {
    const cwd = workFolder();
    const { exitCode, stdout, stderr } = await run(cwd, "info", "./source", "--from", "data");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("source 1.0.0 (path): Made-up\n");
    expect(stdout).toContain("images: 6x6 pixels, channels: 1, classes: 3\n");
    expect(stdout).toMatch(/^train +6 +2 2 2$/m);
    expect(stdout).toMatch(/^test +3 +1 1 1$/m);
    const { splits, licence } = JSON.parse((await run(cwd, "info", "./source", "--from", "data", "--json")).stdout);
    expect(licence).toBe("MIT");
    expect(splits[0]).toEqual({
      split: "train",
      count: 6,
      byClass: [2, 2, 2],
      pixelsSha256: sha256Of(madeUpImages(6, 6).pixels),
      labelsSha256: sha256Of(madeUpImages(6, 6).labels),
    });
  });

  test("names the table and the protocol that the manifest names, and what is wrong with them", async () => {
    const cwd = workFolder();
    const manifest = (table: string, protocol: string) => {
      const { images } = datasetManifest();
      writeDataset(path.join(cwd, "source"), datasetManifest({ images: { ...images, size: 6 }, table, protocol }));
    };
    const words = ["info", "./source", "--from", "data"];
    manifest("table", "nats-bench");
    const missing = await run(cwd, ...words);
    expect({ exitCode: missing.exitCode, stderr: missing.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(missing.stdout).toMatch(/^table: .*source\/table: it is not there$/m);
    expect(missing.stdout).toMatch(/^protocol: nats-bench 1\.0\.0 \(nats-bench\): NATS-Bench/m);

    cpSync(path.join(inject("generatedTable"), "table.json"), path.join(cwd, "source/table/table.json"));
    writeFileSync(path.join(cwd, "source/protocol.json"), "{");
    manifest("table", "protocol.json");
    const { stdout } = await run(cwd, ...words);
    expect(stdout).toMatch(/^table: generated 1\.0\.0 \(.*source\/table\): Generated table$/m);
    expect(stdout).toMatch(/^protocol: .*source\/protocol\.json: NAS_JSON: the file is not valid JSON/m);
    const { benchmark } = JSON.parse((await run(cwd, ...words, "--json")).stdout);
    expect(benchmark.table).toMatchObject({ id: "generated", version: "1.0.0", problem: null });
    expect(benchmark.protocol).toMatchObject({ id: null, problem: expect.stringMatching(/^NAS_JSON/) });
  });

  test("of a dataset that brings only a table shows that", async () => {
    const cwd = workFolder();
    const { entry: _, ...manifest } = datasetManifest({ table: "table" });
    writeDataset(path.join(cwd, "tables-only"), manifest);
    cpSync(path.join(inject("generatedTable"), "table.json"), path.join(cwd, "tables-only/table/table.json"));
    const { exitCode, stdout, stderr } = await run(cwd, "info", "./tables-only");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("table: generated 1.0.0");
    expect(stdout).toContain("it brings no images");
  });

  test("of the built-in images reads and checks all of them", async () => {
    const { exitCode, stdout } = await run(temporaryFolder(), "info", "fashion-mnist-8x8");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^train +50000 +4977 /m);
    expect(stdout).toMatch(/^valid +10000 +1023 /m);
    expect(stdout).toMatch(/^test +10000 +1000 /m);
    expect(stdout).toMatch(/^table: .*fashion-mnist-8x8/m);
    expect(stdout).toMatch(/^protocol: fashion-mnist-8x8 \d/m);
  });

  test("of an unknown dataset, and of one without its files", async () => {
    const unknown = await run(temporaryFolder(), "info", "mnist");
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain("NAS_PLUGIN_NOT_FOUND");
    expect(unknown.stderr).toContain("fashion-mnist-8x8");
    const empty = await run(temporaryFolder(), "info", "fashion-mnist", "--from", ".");
    expect(empty.exitCode).toBe(4);
    expect(empty.stderr).toContain("install the package dataset-fashion-mnist");
  });
});

test.each([
  [["--help"], "nas-harness dataset info fashion-mnist-8x8"],
  [["info", "--help"], "nas-harness dataset info fashion-mnist --from"],
  [["derive", "--help"], "nas-harness dataset derive fashion-mnist-8x8 --from"],
])("dataset %j shows an example", async (words, example) => {
  const { exitCode, stdout } = await run(temporaryFolder(), ...words);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(example);
  expect(stdout).toMatch(/^Examples?:$/m);
});
