import { createHash } from "node:crypto";
import { cpSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type RecordBatch, Schema, Table, tableFromIPC, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { formatError } from "../../core/errors/harness-error.ts";
import { classOf, classRepresentatives } from "../../core/space/classes.ts";
import { openSearchView, readCard } from "../../core/tables/search-view.ts";
import { checkFailure, checkTable, type TableCheck } from "../../core/tables/table-check.ts";
import { type CardIdentity, type DatasetContent, writeTable } from "../../core/tables/table-writer.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { writeGeneratedTable } from "../helpers/generated-table.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const original = path.join(sharedTemporaryFolder(), "table");
writeGeneratedTable(original, { omit: { datasets: ["cifar10", "imagenet16-120"], recipes: ["12-epochs"] } });
const SEARCH = "cifar100/200-epochs/search.arrow";

/** A copy of the generated table. */
function copyOfTable(): string {
  const folder = path.join(temporaryFolder(), "table");
  cpSync(original, folder, { recursive: true });
  return folder;
}

function changeCard(folder: string, change: (card: TableCard) => void): void {
  const card = readCard(folder);
  change(card);
  writeFileSync(path.join(folder, "table.json"), JSON.stringify(card));
}

/** Writes other bytes for a file of the table and tells the card their hash. */
function replaceFile(folder: string, place: string, bytes: Uint8Array): void {
  writeFileSync(path.join(folder, place), bytes);
  changeCard(folder, (card) => {
    for (const file of card.datasets.flatMap(({ recipes }) => recipes.flatMap(({ files }) => files))) {
      if (file.path !== place) continue;
      file.bytes = bytes.length;
      file.sha256 = createHash("sha256").update(bytes).digest("hex");
    }
  });
}

function failedChecks(folder: string): TableCheck[] {
  return checkTable(folder, readCard(folder)).filter(({ result }) => result === "failed");
}

function skippedChecks(folder: string): string[] {
  const skipped = checkTable(folder, readCard(folder)).filter(({ result }) => result === "skipped");
  return skipped.map(({ check, subject }) => `${check} ${subject}`);
}

/** Changes one bit in the middle of a file. */
function flipBit(file: string): void {
  const bytes = readFileSync(file);
  (bytes[bytes.length >> 1] as number) ^= 0x10;
  writeFileSync(file, bytes);
}

test("a table as it was written passes every check", () => {
  const checks = checkTable(original, readCard(original));
  expect(checks.filter(({ result }) => result !== "ok")).toEqual([]);
  expect(checks.map(({ check }) => check)).toEqual(expect.arrayContaining(["file", "content hash", "rows", "values"]));
  expect(checkFailure(original, checks)).toBeNull();
});

describe("damaged files", () => {
  test.each<[string, (file: string) => void, RegExp]>([
    ["bit-flipped", flipBit, /a file of the table was changed: its SHA-256 is/],
    ["truncated", (file) => truncateSync(file, 1000), /is truncated: it has 1000 bytes, its card says/],
    ["emptied", (file) => truncateSync(file, 0), /is truncated: it has 0 bytes/],
  ])("a %s file is refused when it is opened and listed by the check", (_, damage, message) => {
    const folder = copyOfTable();
    damage(path.join(folder, SEARCH));
    expect(() => openSearchView(folder).trials("cifar100", "200-epochs")).toThrow(message);
    expect(() => openSearchView(folder).trials("cifar100", "200-epochs")).toThrow(/^NAS_TABLE_CORRUPT/);
    const failed = failedChecks(folder);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ check: "file", subject: SEARCH, problems: [expect.stringMatching(message)] });
    expect(skippedChecks(folder)).toEqual([
      "content hash search",
      "rows cifar100/200-epochs search",
      "values cifar100/200-epochs search",
    ]);
  });

  test("a file whose hash is right but that is no Arrow file", () => {
    const folder = copyOfTable();
    replaceFile(folder, SEARCH, Buffer.from("no Arrow file"));
    expect(() => openSearchView(folder).trials("cifar100", "200-epochs")).toThrow(/^NAS_TABLE_CORRUPT/);
    expect(failedChecks(folder)).toMatchObject([
      { check: "file", problems: [expect.stringContaining("does not hold")] },
    ]);
  });

  test("all problems of a table are in one error", () => {
    const folder = copyOfTable();
    flipBit(path.join(folder, SEARCH));
    truncateSync(path.join(folder, "cifar10-valid/200-epochs/test.arrow"), 10);
    const error = checkFailure(folder, checkTable(folder, readCard(folder)));
    expect(error?.code).toBe("NAS_TABLE_CHECK_FAILED");
    expect(error?.exitCode).toBe(1);
    expect(error?.details.what).toMatch(/^2 of \d+ checks failed$/);
    const text = formatError(error as NonNullable<typeof error>);
    expect(text).toContain(`- file, ${SEARCH}: a file of the table was changed`);
    expect(text).toContain("- file, cifar10-valid/200-epochs/test.arrow: a file of the table is truncated");
  });
});

describe("the content hash", () => {
  /** The same columns by another writer: several record batches become one with other metadata, so the bytes differ. */
  function rewritten(bytes: Uint8Array): Uint8Array {
    const table = tableFromIPC(bytes);
    const schema = new Schema(table.schema.fields, new Map([["writer", "another one"]]));
    return tableToIPC(new Table(schema, table.batches as RecordBatch[]), "file");
  }

  test("does not depend on file bytes", () => {
    const folder = copyOfTable();
    const before = readFileSync(path.join(folder, SEARCH));
    const after = rewritten(before);
    expect(Buffer.compare(before, after)).not.toBe(0);
    replaceFile(folder, SEARCH, after);
    expect(failedChecks(folder)).toEqual([]);
  });

  test("depends on every value", () => {
    const folder = copyOfTable();
    const bytes = readFileSync(path.join(folder, SEARCH));
    const { values } = openSearchView(folder).trials("cifar100", "200-epochs").column("validAccuracy") ?? {};
    const at = bytes.indexOf(Buffer.from(Float32Array.of((values as Float32Array)[77] as number).buffer));
    bytes.writeFloatLE(12.5, at);
    replaceFile(folder, SEARCH, bytes);
    expect(failedChecks(folder).map(({ check }) => check)).toEqual(["content hash"]);
  });
});

describe("values", () => {
  /** A table of one dataset with a validation accuracy for each of these architectures. */
  function writeSmall(folder: string, architectures: readonly number[], accuracy: number[], seeds: number[]): void {
    const dataset: DatasetContent = {
      id: "digits",
      title: "Digits",
      classes: 10,
      imageSize: 32,
      recipes: [
        {
          recipe: "short",
          epochs: 1,
          rows: {
            architecture: Uint16Array.from(architectures),
            trialSeed: seeds,
            aggregatedSeeds: seeds.map(() => null),
          },
          columns: [{ name: "validAccuracy", epochs: [1], values: Float32Array.from(accuracy), recorded: null }],
        },
      ],
    };
    const expected = { dataset: "digits", recipe: "short", epoch: 1, accuracy: 90, architecture: 0, source: "made up" };
    const identity: CardIdentity = {
      id: "small",
      version: "1.0.0",
      title: "Small",
      benchmark: "made-up",
      space: "nas-bench-201",
      keyedBy: "class",
      licence: "MIT",
      provenance: { description: "Made-up.", sources: [] },
      expectedOptima: [
        { ...expected, split: "valid" },
        { ...expected, split: "test" },
      ],
    };
    writeTable(folder, identity, [dataset]);
  }

  const classes = classRepresentatives();

  function problemsOf(architectures: readonly number[], accuracy: number[], seeds: number[]): string[] {
    const folder = path.join(temporaryFolder(), "small");
    writeSmall(folder, architectures, accuracy, seeds);
    return failedChecks(folder).flatMap(({ check, problems }) => problems.map((problem) => `${check}: ${problem}`));
  }

  const ones = classes.map(() => 1);
  const fine = classes.map((_, at) => (at === 0 ? 90.004 : 50));
  const noTest = "optimum: the table has no test view of it";

  test("a complete table by classes passes, with its optimum to two decimals", () => {
    expect(problemsOf(classes, fine, ones)).toEqual([noTest]);
  });

  test("values out of range and NaN are counted, the first one is named", () => {
    const broken = fine.map((value, at) => (at === 5 ? 100.5 : at === 6 ? Number.NaN : value));
    expect(problemsOf(classes, broken, ones)).toContain(
      `values: 2 of ${classes.length} values out of range, the first: 100.5 of architecture ${classes[5]}; allowed is a number from 0 to 100 (percent)`,
    );
  });

  test("missing classes, foreign architectures and repeated trials", () => {
    const foreign = Array.from({ length: 15_625 }, (_, at) => at).find((at) => classOf(at) !== at) as number;
    const architectures = [...classes.slice(0, -1), foreign, 0];
    const accuracy = [...fine, 90.004];
    expect(problemsOf(architectures, accuracy, [...ones, 1])).toEqual([
      `rows: 1 architecture without a row; the first: ${classes.at(-1)}`,
      `rows: 1 architecture that represents no class; the first: ${foreign}`,
      "rows: 1 architecture with two trials of the same seed; the first: 0",
      noTest,
    ]);
  });

  test("another optimum: its value and its architecture", () => {
    const better = fine.map((value, at) => (at === 1 ? 91.006 : value));
    expect(problemsOf(classes, better, ones)).toEqual([
      "optimum: the best mean is 91.01, published is 90.00",
      "optimum: the best architecture is 1 (91.0060), published is 0 (here 90.0040)",
      noTest,
    ]);
  });
});

test("nulls and lists of seeds come back from Arrow as they were written", () => {
  const view = openSearchView(original);
  const { rows, columns } = view.trials("cifar10-valid", "200-epochs").table;
  expect(rows.trialSeed.slice(0, 4)).not.toContain(null);
  const folder = path.join(temporaryFolder(), "aggregated");
  writeGeneratedTable(folder, { aggregated: true, omit: { recipes: ["12-epochs"] } });
  const aggregated = openSearchView(folder).trials("cifar10-valid", "200-epochs");
  expect(aggregated.table.rows.trialSeed.every((seed) => seed === null)).toBe(true);
  expect(new Set(aggregated.table.rows.aggregatedSeeds.map((seeds) => (seeds ?? []).join()))).toEqual(
    new Set(["777,888", "777,888,999"]),
  );
  expect(columns.every(({ recorded }) => recorded === null)).toBe(true);
});
