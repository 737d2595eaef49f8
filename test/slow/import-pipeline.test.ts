import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import type { OfficialTrial } from "../../core/importers/official-trial.ts";
import type { ImportIdentity } from "../../core/importers/pipeline/assembly.ts";
import type { ImportSource, StreamSource } from "../../core/importers/pipeline/import-source.ts";
import { importOfficialTrials } from "../../core/importers/pipeline/official-import.ts";
import { itemOfEpoch, METRIC_VIEWS, type MetricColumn, valueAt } from "../../core/tables/column.ts";
import { readCard, SearchView } from "../../core/tables/search-view.ts";
import { checkTable } from "../../core/tables/table-check.ts";
import { openTestParts } from "../../core/tables/test-view.ts";
import { contentOf } from "../helpers/folder-content.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { madeUpFolder, madeUpTrials } from "../importers/pipeline/made-up-trials.ts";

const IDENTITY: ImportIdentity = {
  id: "made-up",
  version: "1.0.0",
  title: "Made up",
  benchmark: "nas-bench-201",
  licence: "MIT",
  description: "Made up.",
  expectedOptima: [],
};

/** Architectures whose trainings make up parts of more than one range. */
const FEW = [0, 11, 99, 100, 250, 7000, 15624];
const MANY = Array.from({ length: 130 }, (_, at) => at * 120);

function streamOf(file: string, batches: readonly (readonly OfficialTrial[])[], opened: number[] = []): StreamSource {
  return {
    kind: "stream",
    files: [file],
    batches: batches.length,
    open: async function* (skip) {
      opened.push(skip);
      yield* batches;
    },
  };
}

async function importInto(folder: string, source: ImportSource) {
  const table = await importOfficialTrials({ source, identity: IDENTITY, folder, overwrite: false, jobs: 2 });
  if (table === null) throw new Error("interrupted");
  return table;
}

/** The HarnessError that an import ends with. */
async function rejectionOf(action: () => Promise<unknown>): Promise<HarnessError> {
  const thrown = await action().then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof HarnessError) return thrown;
  throw thrown ?? new Error("the import did not fail");
}

/** Looks every value of a trial up in a table. */
function expectTrial(folder: string, trial: OfficialTrial): void {
  const card = readCard(folder);
  const view = new SearchView(folder, card);
  for (const [name, metric] of trial.metrics) {
    const lookup =
      METRIC_VIEWS[name] === "search"
        ? view.trialsOf(trial.dataset, trial.recipe, trial.architecture)
        : openTestParts(folder, card, trial.dataset, trial.recipe).of(trial.architecture);
    const column = lookup.column(name) as MetricColumn;
    const [start, end] = lookup.rowsOf(trial.architecture);
    const row = Array.from({ length: end - start }, (_, at) => start + at).find(
      (at) => lookup.table.rows.trialSeed[at] === trial.seed,
    ) as number;
    const found = Array.from({ length: trial.epochs }, (_, at) => valueAt(column, row, itemOfEpoch(column, at + 1)));
    const expected = found.map((_, at) => {
      if (typeof metric === "number") return Math.fround(metric);
      return metric.recorded?.[at] === 0 ? null : Math.fround(metric.values[at] as number);
    });
    expect(found, `${trial.dataset} ${trial.recipe} ${name}`).toEqual(expected);
  }
}

describe("a folder", () => {
  test("of many files becomes parts in which every value is found", async () => {
    const folder = temporaryFolder();
    const table = path.join(folder, "table");
    const { card } = await importInto(table, madeUpFolder(path.join(folder, "files"), MANY));
    expect(card.architectures).toBe(MANY.length);
    const recipe = card.datasets[0]?.recipes.find(({ id }) => id === "200-epochs");
    expect(recipe?.seeds).toEqual([777, 888, 999]);
    expect(recipe?.columns.find(({ name }) => name === "trainMs")?.epochs).toBe("constant");
    expect(recipe?.columns.find(({ name }) => name === "testAccuracy")?.epochs).toEqual([200]);
    const parts = recipe?.files.filter(({ view }) => view === "search") ?? [];
    expect(parts.length).toBeGreaterThan(1);
    for (const { path: name, architectures, bytes } of parts) {
      const digits = [architectures?.first, architectures?.last].map((index) => String(index).padStart(5, "0"));
      expect(name).toBe(`cifar10-valid/200-epochs/search-${digits.join("-")}.arrow`);
      expect(bytes).toBeLessThan(1.2e6);
    }
    for (const architecture of [0, 120, 7200, 15480]) {
      for (const trial of madeUpTrials(architecture)) expectTrial(table, trial);
    }
    expect(checkTable(table, card).filter(({ result }) => result !== "ok")).toEqual([]);
    expect(existsSync(`${table}.import`)).toBe(false);
  });

  test("has a digest that sha256sum gives too", async () => {
    const folder = temporaryFolder();
    const source = madeUpFolder(path.join(folder, "files"), [11, 3, 0]);
    const { card } = await importInto(path.join(folder, "table"), source);
    const hash = (text: Buffer | string) => createHash("sha256").update(text).digest("hex");
    const names = ["000000.json", "000003.json", "000011.json"];
    const lines = names.map((name) => `${hash(readFileSync(path.join(folder, "files", name)))}  ${name}\n`);
    expect(card.provenance.sources).toEqual([
      {
        file: "files/",
        sha256: hash(lines.join("")),
        bytes: source.units.reduce((sum, { bytes }) => sum + bytes, 0),
        files: 3,
      },
    ]);
  });
});

test("times that differ between epochs stay lists", async () => {
  const folder = temporaryFolder();
  const table = path.join(folder, "table");
  const options = { hasTimesByEpoch: true, longEpochs: 20 };
  const { card, report } = await importInto(table, madeUpFolder(path.join(folder, "files"), FEW, options));
  for (const { columns, epochs } of card.datasets.flatMap(({ recipes }) => recipes)) {
    const times = columns.filter(({ name }) => ["trainMs", "validMs", "testMs", "valtestMs"].includes(name));
    for (const column of times) expect(column.epochs).toHaveLength(epochs);
  }
  for (const architecture of FEW) {
    for (const trial of madeUpTrials(architecture, options)) expectTrial(table, trial);
  }
  expect(report.recipes.flatMap(({ constantTimes }) => constantTimes)).toEqual([]);
});

describe("a stream", () => {
  test("gives the same table as the files, in any order of its batches", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "all.bin");
    writeFileSync(file, "the file");
    const options = { longEpochs: 20 };
    const files = await importInto(path.join(folder, "a"), madeUpFolder(path.join(folder, "files"), FEW, options));
    const trials = FEW.map((architecture) => madeUpTrials(architecture, options));
    const stream = await importInto(path.join(folder, "b"), streamOf(file, trials));
    const single = trials
      .flat()
      .reverse()
      .map((trial) => [trial]);
    const backwards = await importInto(path.join(folder, "c"), streamOf(file, single));
    expect(stream.card.searchContentHash).toBe(files.card.searchContentHash);
    expect(stream.card.datasets).toEqual(files.card.datasets);
    expect(backwards.card).toEqual(stream.card);
    expect(contentOf(path.join(folder, "c"))).toEqual(contentOf(path.join(folder, "b")));
  });

  test("that holds a training twice is refused, and nothing is written", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "all.bin");
    writeFileSync(file, "the file");
    const trials = madeUpTrials(11, { longEpochs: 20 });
    const error = await rejectionOf(() =>
      importInto(path.join(folder, "table"), streamOf(file, [trials, trials.slice(0, 1)])),
    );
    expect(error.code).toBe("NAS_IMPORT");
    expect(error.message).toContain("architecture 11 has two trainings of cifar10-valid/12-epochs with seed 111");
    expect(existsSync(path.join(folder, "table"))).toBe(false);
  });

  test("without a training is refused", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "all.bin");
    writeFileSync(file, "the file");
    const error = await rejectionOf(() => importInto(path.join(folder, "table"), streamOf(file, [[], []])));
    expect(error.message).toBe("NAS_IMPORT: the files hold no training");
  });
});

describe("an import that is interrupted", () => {
  test("goes on with the pieces that are there, and a broken one is made again", async () => {
    const folder = temporaryFolder();
    const options = { longEpochs: 20 };
    const source = madeUpFolder(path.join(folder, "files"), MANY, options);
    await importInto(path.join(folder, "whole"), source);
    const table = path.join(folder, "table");
    const controller = new AbortController();
    const settings = { source, identity: IDENTITY, folder: table, overwrite: false, jobs: 1 };
    const ended = await importOfficialTrials({
      ...settings,
      signal: controller.signal,
      onProgress: (phase, done) => {
        if (phase === "reading" && done >= 100) controller.abort();
      },
    });
    expect(ended).toBeNull();
    expect(existsSync(table)).toBe(false);
    const pieces = readdirSync(`${table}.import`).filter((name) => name.startsWith("piece-"));
    expect(pieces).toEqual(["piece-000000.bin", "piece-000050.bin"]);
    const broken = path.join(`${table}.import`, "piece-000050.bin");
    const bytes = readFileSync(broken);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(broken, bytes);
    const [done, told]: [number[], string[][]] = [[], []];
    await importOfficialTrials({
      ...settings,
      onProgress: (phase, count) => {
        if (phase === "reading") done.push(count);
      },
      onBrokenPieces: (names) => told.push([...names]),
    });
    expect(done).toEqual([50, 100, 130]);
    expect(told).toEqual([["piece-000050.bin"]]);
    expect(contentOf(table)).toEqual(contentOf(path.join(folder, "whole")));
    expect(existsSync(`${table}.import`)).toBe(false);
  });

  test("forgets the pieces of files that were changed since", async () => {
    const folder = temporaryFolder();
    const options = { longEpochs: 20 };
    const table = path.join(folder, "table");
    const controller = new AbortController();
    await importOfficialTrials({
      ...{ source: madeUpFolder(path.join(folder, "files"), MANY, options), identity: IDENTITY, folder: table },
      ...{ overwrite: false, jobs: 1, signal: controller.signal },
      onProgress: (phase, done) => {
        if (phase === "reading" && done >= 50) controller.abort();
      },
    });
    const others = { longEpochs: 21 };
    const { card } = await importInto(table, madeUpFolder(path.join(folder, "files"), MANY, others));
    expect(card.datasets[0]?.recipes.map(({ epochs }) => epochs)).toEqual([12, 21]);
    for (const trial of madeUpTrials(0, others)) expectTrial(table, trial);
  });

  test("of a stream reads nothing again that was read to its end", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "all.bin");
    writeFileSync(file, "the file");
    const batches = MANY.slice(0, 40).map((architecture) => madeUpTrials(architecture));
    const table = path.join(folder, "table");
    const opened: number[] = [];
    for (const stop of [5, 30]) {
      const controller = new AbortController();
      await importOfficialTrials({
        ...{ source: streamOf(file, batches, opened), identity: IDENTITY, folder: table },
        ...{ overwrite: false, signal: controller.signal },
        onProgress: (phase, done) => {
          if (phase === "reading" && done === stop) controller.abort();
        },
      });
    }
    await importInto(table, streamOf(file, batches, opened));
    expect(opened[0]).toBe(0);
    expect(opened[2]).toBeGreaterThan(0);
    expect(opened[2]).toBeLessThan(30);
    await importInto(path.join(folder, "whole"), streamOf(file, batches));
    expect(contentOf(table)).toEqual(contentOf(path.join(folder, "whole")));
  });
});

test("a folder that is no work folder is left alone", async () => {
  const folder = temporaryFolder();
  const source = madeUpFolder(path.join(folder, "files"), [0]);
  const other = madeUpFolder(path.join(folder, "table.import"), [0, 1]);
  const error = await rejectionOf(() => importInto(path.join(folder, "table"), source));
  expect(error.code).toBe("NAS_OUTPUT_EXISTS");
  expect(other.units.every(({ file }) => existsSync(file))).toBe(true);
});
