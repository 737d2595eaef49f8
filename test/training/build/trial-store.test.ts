import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { HarnessError } from "../../../core/errors/harness-error.ts";
import type { FingerprintedPart } from "../../../core/training/build/part-inputs.ts";
import { readPart, storeFile, TrialStore } from "../../../core/training/build/trial-store.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { toyRecipe } from "../../helpers/toy-dataset.ts";
import { madeUpTrial } from "./built-trials.ts";

const part: FingerprintedPart = { recipe: toyRecipe(), seed: 1, inputs: "0123456789abcdef" };
const other: FingerprintedPart = { ...part, inputs: "fedcba9876543210" };

function never(error: HarnessError): void {
  throw error;
}

/** Stores made-up trials and returns the file. */
function stored(
  folder: string,
  architectures: readonly number[],
  shard: { index: number; count: number } | null = null,
) {
  const store = new TrialStore(folder, part, shard, never);
  store.add(architectures.map((architecture) => madeUpTrial(architecture, 2)));
  store.close();
  return storeFile(folder, part, shard);
}

function architecturesOf(folder: string, onCorrupt = never): number[] {
  const store = new TrialStore(folder, part, null, onCorrupt);
  store.close();
  return [...store.trials.keys()];
}

describe("a store", () => {
  test("keeps its file's place and trials", () => {
    const folder = temporaryFolder();
    expect(stored(folder, [5, 3, 9])).toBe(path.join(folder, "short-1", "1-of-1.trials"));
    const store = new TrialStore(folder, part, null, never);
    expect([...store.trials.values()]).toEqual([5, 3, 9].map((architecture) => madeUpTrial(architecture, 2)));
    store.close();
    expect(storeFile(folder, part, { index: 2, count: 4 })).toBe(path.join(folder, "short-1", "2-of-4.trials"));
  });

  test("opening it changes no byte", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [5, 3, 9]);
    const before = readFileSync(file, "utf8");
    architecturesOf(folder);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("a trial that is there already is not stored again", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [5, 3]);
    const before = readFileSync(file, "utf8");
    stored(folder, [3, 5]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("a line that a kill tore off is dropped, whatever its length", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [5, 3]);
    const whole = readFileSync(file, "utf8");
    const torn = whole.split("\n")[1]!;
    for (const length of [1, 16, 17, torn.length]) {
      appendFileSync(file, torn.slice(0, length));
      expect(architecturesOf(folder)).toEqual([5, 3]);
      expect(readFileSync(file, "utf8")).toBe(whole);
    }
  });

  test("broken lines are named by file and line and dropped; the others stay", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [1, 2, 3, 4, 5]);
    const lines = readFileSync(file, "utf8").split("\n");
    lines[1] = lines[1]!.replace("curves", "curvet");
    lines[3] = lines[3]!.slice(0, 40);
    writeFileSync(file, lines.join("\n"));
    const errors: HarnessError[] = [];
    expect(architecturesOf(folder, (error) => errors.push(error))).toEqual([1, 3, 5]);
    expect(errors.map(({ code, details }) => [code, details.where])).toEqual([
      ["NAS_BUILD_CORRUPT", `${file}:2`],
      ["NAS_BUILD_CORRUPT", `${file}:4`],
    ]);
    expect(readFileSync(file, "utf8")).toBe([lines[0], lines[2], lines[4], ""].join("\n"));
    expect(architecturesOf(folder)).toEqual([1, 3, 5]);
  });

  test("bytes that are no text are a broken line like any other", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [1, 2, 3]);
    const bytes = readFileSync(file);
    bytes[30] = 0xff;
    writeFileSync(file, bytes);
    const errors: HarnessError[] = [];
    expect(architecturesOf(folder, (error) => errors.push(error))).toEqual([2, 3]);
    expect(errors.map(({ details }) => details.where)).toEqual([`${file}:1`]);
  });

  test("trainings of other inputs are refused and left alone", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [1, 2]);
    const before = readFileSync(file, "utf8");
    const error = harnessErrorOf(() => new TrialStore(folder, other, null, never));
    expect(error.code).toBe("NAS_RESUME_MISMATCH");
    expect(error.details.where).toBe(`${file}:1`);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("a folder that can't be made is named", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "short-1"), "a file");
    const error = harnessErrorOf(() => new TrialStore(folder, part, null, never));
    expect(error.code).toBe("NAS_WRITE_FAILED");
    expect(error.details.where).toContain("short-1");
  });
});

describe("readPart", () => {
  test("gathers all shards in the order of architectures; what is there twice counts once", () => {
    const folder = temporaryFolder();
    stored(folder, [9, 1], { index: 1, count: 2 });
    stored(folder, [4, 9], { index: 2, count: 2 });
    stored(folder, [7]);
    const trials = readPart(folder, part, never);
    expect(trials).toEqual([1, 4, 7, 9].map((architecture) => madeUpTrial(architecture, 2)));
  });

  test("of a part that was not begun gives nothing, and foreign files are not read", () => {
    const folder = temporaryFolder();
    expect(readPart(folder, part, never)).toEqual([]);
    mkdirSync(path.join(folder, "short-1"));
    writeFileSync(path.join(folder, "short-1", "notes.txt"), "no trial\n");
    expect(readPart(folder, part, never)).toEqual([]);
  });

  test("tells of broken lines and refuses those of other inputs", () => {
    const folder = temporaryFolder();
    const file = stored(folder, [1, 2]);
    writeFileSync(file, `x${readFileSync(file, "utf8").slice(1)}`);
    const errors: HarnessError[] = [];
    expect(readPart(folder, part, (error) => errors.push(error)).map(({ architecture }) => architecture)).toEqual([2]);
    expect(errors.map(({ details }) => details.where)).toEqual([`${file}:1`]);
    expect(harnessErrorOf(() => readPart(folder, other, () => {})).code).toBe("NAS_RESUME_MISMATCH");
  });
});
