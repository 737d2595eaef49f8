import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readMapping } from "../../core/importers/csv-mapping.ts";
import { importCsvTable } from "../../core/importers/csv-table.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { openTestView } from "../../core/tables/test-view.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { gzipped, HEADER, madeUpCells, madeUpCsv, writeImport } from "./made-up-csv.ts";

async function importInto(folder: string, csv: string | Uint8Array): Promise<TableCard> {
  const files = writeImport(folder, csv);
  return importCsvTable(files.csv, readMapping(files.mapping), files.mapping, files.output, false);
}

const folder = sharedTemporaryFolder();
const imported = importInto(folder, madeUpCsv());

/** A made-up cell as float32, or null if it is empty. */
function cell(index: number, column: string): number | null {
  const text = madeUpCells(index)[HEADER.indexOf(column)] as string;
  return text === "" ? null : Math.fround(Number(text));
}

test("values of single trials come back as float32, those of empty cells as absent trials", async () => {
  await imported;
  const lookup = openSearchView(`${folder}/tables/made-up`).trials("digits", "long");
  const { rows } = lookup.table;
  for (let index = 0; index < ARCHITECTURE_COUNT; index++) {
    const trials = lookup.singleTrials(index, "validAccuracy", 4);
    const found = trials.map((row) => [rows.trialSeed[row], lookup.column("validAccuracy")?.values[row]]);
    const nine = cell(index, "long 9");
    expect(found).toEqual([[7, cell(index, "long 7")], ...(nine === null ? [] : [[9, nine]])]);
  }
});

test("a trial with neither seed nor aggregatedSeeds is a single one of unknown seed", async () => {
  await imported;
  const lookup = openSearchView(`${folder}/tables/made-up`).trials("digits", "long");
  const rows = lookup.singleTrials(5, "trainLoss", 4);
  expect(rows.map((row) => lookup.table.rows.trialSeed[row])).toEqual([null]);
  expect(lookup.mean(5, "trainLoss", 4)).toEqual({ value: cell(5, "loss"), from: "trials", trials: 1 });
});

test("means are aggregate rows over as many seeds as the count column says", async () => {
  await imported;
  const lookup = openSearchView(`${folder}/tables/made-up`).trials("digits", "short");
  expect(lookup.table.rows.aggregatedSeeds.slice(0, 4)).toEqual([[7], [7, 8], [7, 8, 9], [7]]);
  expect(lookup.mean(1, "validAccuracy", 2)).toEqual({ value: cell(1, "valid 2"), from: "aggregate", trials: 2 });
  expect(lookup.mean(1, "validAccuracy", 1)?.value).toBe(cell(1, "valid 1"));
  expect(lookup.singleTrials(1, "validAccuracy", 2)).toEqual([]);
});

test("seconds of an epoch become ms that hold at every epoch", async () => {
  await imported;
  const lookup = openSearchView(`${folder}/tables/made-up`).trials("digits", "short");
  expect(lookup.column("trainMs")?.epochs).toBe("constant");
  expect(lookup.mean(234, "trainMs", 2)?.value).toBe(1234);
});

test("test metrics go to the test view only, nulls and all", async () => {
  const card = await imported;
  const lookup = openTestView(`${folder}/tables/made-up`, card, "digits", "long");
  expect(lookup.table.columns.map(({ name }) => name)).toEqual(["testAccuracy"]);
  for (let index = 0; index < ARCHITECTURE_COUNT; index++) {
    expect(lookup.mean(index, "testAccuracy", 4)?.value ?? null).toBe(cell(index, "test 7"));
  }
  const search = openSearchView(`${folder}/tables/made-up`).trials("digits", "long");
  expect(search.column("testAccuracy")).toBeUndefined();
});

test("the card names the files that were read with their SHA-256 and sizes", async () => {
  const card = await imported;
  const described = (file: string) => {
    const bytes = readFileSync(`${folder}/${file}`);
    return { file, sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
  };
  expect(card.provenance.sources).toEqual([described("values.csv"), described("mapping.json")]);
  expect(card).toMatchObject({
    id: "made-up",
    benchmark: "made-up-benchmark",
    keyedBy: "architecture",
    licence: "MIT",
  });
  expect(card.datasets[0]?.recipes.map(({ id, seeds }) => [id, seeds])).toEqual([
    ["short", [7, 8, 9]],
    ["long", [7, 9]],
  ]);
});

test("a gzip file is known by its bytes, and a byte order mark, CRLF, empty lines and the order of rows don't matter", async () => {
  const card = await imported;
  const text = `\uFEFF${madeUpCsv({ rows: (rows) => [...rows].reverse() }).replaceAll("\n", "\r\n")}\r\n`;
  const other = await importInto(temporaryFolder(), gzipped(text));
  expect(other.searchContentHash).toBe(card.searchContentHash);
  expect(other.datasets).toEqual(card.datasets);
});

test("a gzip file of several members is read whole", async () => {
  const card = await imported;
  const text = madeUpCsv();
  const parts = [text.slice(0, 400_000), text.slice(400_000)].map(gzipped);
  const other = await importInto(temporaryFolder(), Buffer.concat(parts));
  expect(other.searchContentHash).toBe(card.searchContentHash);
});
