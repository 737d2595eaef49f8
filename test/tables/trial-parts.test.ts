import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { TrialTable } from "../../core/tables/column.ts";
import { searchContentHash } from "../../core/tables/content-hash.ts";
import { writeViewFiles } from "../../core/tables/part-writer.ts";
import { CARD_NAME, openSearchView, readCard } from "../../core/tables/search-view.ts";
import { checkTable } from "../../core/tables/table-check.ts";
import { type CardIdentity, writeTable } from "../../core/tables/table-writer.ts";
import type { TableCard, TableFile } from "../../schemas/generated/table-card.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const EPOCHS = Array.from({ length: 20 }, (_, at) => at + 1);

/** One trial an architecture; the value at an epoch is made of both. */
function madeUpTable(): TrialTable {
  const architecture = Uint16Array.from({ length: 15625 }, (_, at) => at);
  const values = new Float32Array(15625 * EPOCHS.length).map((_, at) => (at % 9973) / 100);
  return {
    rows: {
      architecture,
      trialSeed: Array.from(architecture, () => 7),
      aggregatedSeeds: Array.from(architecture, () => null),
    },
    columns: [{ name: "validAccuracy", epochs: EPOCHS, values, recorded: null }],
  };
}

const TABLE = madeUpTable();
const IDENTITY: CardIdentity = {
  ...{ id: "made-up", version: "1.0.0", title: "Made up", benchmark: "made-up", space: "nas-bench-201" },
  ...{ keyedBy: "architecture", licence: "MIT", provenance: { description: "Made up.", sources: [] } },
  expectedOptima: [],
};

/** Writes the table with its view in parts. */
function writeParted(folder: string): TableCard {
  const dataset = { id: "digits", title: "Digits", classes: 10, imageSize: 32 };
  const recipe = { recipe: "short", epochs: 20, rows: TABLE.rows, columns: TABLE.columns };
  const card = writeTable(folder, IDENTITY, [{ ...dataset, recipes: [recipe] }]);
  const entry = card.datasets[0]?.recipes[0];
  if (entry === undefined) throw new Error("no recipe");
  entry.files = writeViewFiles(
    folder,
    { dataset: "digits", recipe: "short", view: "search" },
    TABLE,
  ) as typeof entry.files;
  saveCard(folder, card);
  return card;
}

function saveCard(folder: string, card: TableCard): void {
  writeFileSync(path.join(folder, CARD_NAME), JSON.stringify(card));
}

const filesOf = (card: TableCard): TableFile[] => card.datasets[0]?.recipes[0]?.files as TableFile[];

test("a large view is cut into round ranges, none larger than a megabyte", () => {
  const folder = path.join(temporaryFolder(), "table");
  const parts = filesOf(writeParted(folder));
  expect(parts.map(({ path: name }) => path.basename(name))).toEqual([
    "search-00000-04999.arrow",
    "search-05000-09999.arrow",
    "search-10000-14999.arrow",
    "search-15000-15624.arrow",
  ]);
  expect(parts.map(({ architectures }) => architectures)).toEqual([
    { first: 0, last: 4999 },
    { first: 5000, last: 9999 },
    { first: 10000, last: 14999 },
    { first: 15000, last: 15624 },
  ]);
  expect(parts.map(({ rows }) => rows)).toEqual([5000, 5000, 5000, 625]);
  for (const { bytes } of parts) expect(bytes).toBeLessThan(1_100_000);
});

test("the parts together are the view, and the content hash is that of the view in one file", () => {
  const folder = path.join(temporaryFolder(), "table");
  const card = writeParted(folder);
  const { table } = openSearchView(folder).trials("digits", "short");
  expect(table.columns[0]?.values).toEqual(TABLE.columns[0]?.values);
  expect(card.searchContentHash).toBe(searchContentHash([{ dataset: "digits", recipe: "short", table: TABLE }]));
  expect(checkTable(folder, readCard(folder)).filter(({ result }) => result !== "ok")).toEqual([]);
});

describe("a look-up of one architecture", () => {
  test("reads the part that holds it and no other", () => {
    const folder = path.join(temporaryFolder(), "table");
    const [first, ...others] = filesOf(writeParted(folder)) as [TableFile, ...TableFile[]];
    for (const { path: name } of others) appendFileSync(path.join(folder, name), "x");
    const view = openSearchView(folder);
    for (const architecture of [0, 17, 4999]) {
      const lookup = view.trialsOf("digits", "short", architecture);
      const expected = TABLE.columns[0]?.values[architecture * 20 + 19];
      expect(lookup.mean(architecture, "validAccuracy", 20)?.value).toBe(expected);
    }
    expect(harnessErrorOf(() => view.trialsOf("digits", "short", 5000)).code).toBe("NAS_TABLE_CORRUPT");
    expect(first.architectures).toEqual({ first: 0, last: 4999 });
  });

  test("that is in no range finds nothing", () => {
    const folder = path.join(temporaryFolder(), "table");
    const card = writeParted(folder);
    filesOf(card).pop();
    saveCard(folder, { ...card, architectures: 15000 });
    const lookup = openSearchView(folder).trialsOf("digits", "short", 15000);
    expect(lookup.mean(15000, "validAccuracy", 20)).toBeNull();
    expect(lookup.singleTrials(15000, "validAccuracy", 20)).toEqual([]);
  });

  test("of index 15625 is refused", () => {
    const folder = path.join(temporaryFolder(), "table");
    writeParted(folder);
    const error = harnessErrorOf(() => openSearchView(folder).trialsOf("digits", "short", 15625));
    expect(error.code).toBe("NAS_ARCHITECTURE_INDEX");
  });
});

describe("table check finds", () => {
  const problemsAfter = (change: (files: TableFile[]) => void) => {
    const folder = path.join(temporaryFolder(), "table");
    const card = writeParted(folder);
    change(filesOf(card));
    saveCard(folder, card);
    return checkTable(folder, readCard(folder)).flatMap(({ problems }) => problems);
  };

  test("ranges that overlap", () => {
    const problems = problemsAfter((files) => {
      (files[1] as TableFile).architectures = { first: 4999, last: 9999 };
    });
    expect(problems.join("\n")).toContain("names architectures 4999 to 9999, which overlap or are out of order");
  });

  test("an architecture outside of its file's range", () => {
    const problems = problemsAfter((files) => {
      (files[3] as TableFile).architectures = { first: 15001, last: 15624 };
    });
    expect(problems.join("\n")).toContain("holds architecture 15000, its card says 15001 to 15624");
  });

  test("a part that is missing", () => {
    const problems = problemsAfter((files) => files.pop());
    expect(problems.join("\n")).toContain("625 architectures without a row; the first: 15000");
  });
});

test("a small view stays one file without a range", () => {
  const folder = temporaryFolder();
  const rows = {
    architecture: Uint16Array.of(3, 15624),
    trialSeed: [1, 1],
    aggregatedSeeds: [null, null],
  };
  const columns = [{ name: "testAccuracy", epochs: [12], values: Float32Array.of(1, 2), recorded: null }] as const;
  const files = writeViewFiles(folder, { dataset: "digits", recipe: "short", view: "test" }, { rows, columns });
  expect(files).toHaveLength(1);
  expect(files[0]).toMatchObject({ path: "digits/short/test.arrow", rows: 2 });
  expect(files[0]).not.toHaveProperty("architectures");
  expect(readFileSync(path.join(folder, "digits/short/test.arrow")).length).toBe(files[0]?.bytes);
});
