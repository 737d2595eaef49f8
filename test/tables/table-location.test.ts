import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { locateDataset } from "../../core/plugins/dataset-splits.ts";
import { findTables, openTableFor, TABLES_VARIABLE, tableOfDataset } from "../../core/tables/table-location.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { datasetManifest, writeDataset } from "../plugins/datasets/dataset-plugin.ts";

const GENERATED = inject("generatedTable");

describe("the table of a dataset plugin", () => {
  test("is the folder that its manifest names, there or not", () => {
    const folder = writeDataset(temporaryFolder(), datasetManifest({ table: "data/table" }));
    expect(tableOfDataset(folder)).toBe(path.join(folder, "data/table"));
    const own = locateDataset("fashion-mnist-8x8").folder;
    expect(tableOfDataset(own)).toBe(path.join(own, "table"));
  });

  test("is none where the manifest names none, is broken, or is missing", () => {
    expect(tableOfDataset(writeDataset(temporaryFolder(), datasetManifest()))).toBeNull();
    expect(tableOfDataset(writeDataset(temporaryFolder(), datasetManifest({ table: "../table" })))).toBeNull();
    const broken = temporaryFolder();
    writeFileSync(path.join(broken, "plugin.json"), "{");
    expect(tableOfDataset(broken)).toBeNull();
    expect(tableOfDataset(temporaryFolder())).toBeNull();
  });
});

describe("tables are looked for", () => {
  // `./tables` is relative to the working directory, which tests of other files must not see changed: a worker is theirs alone.
  const before = process.cwd();
  const working = () => {
    const folder = temporaryFolder();
    process.chdir(folder);
    return folder;
  };
  beforeEach(() => {
    vi.stubEnv(TABLES_VARIABLE, "");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    process.chdir(before);
  });

  test("in the folders of the variable, in ./tables, and in both a folder that is a table itself, by name", () => {
    const folder = working();
    const [one, two] = [path.join(folder, "one"), path.join(folder, "two")];
    for (const place of ["one/b", "one/a", "two", "tables/c"])
      cpSync(path.join(GENERATED, "table.json"), path.join(folder, place, "table.json"));
    mkdirSync(path.join(folder, "tables/no-table"));
    vi.stubEnv(TABLES_VARIABLE, [one, two, path.join(folder, "nowhere")].join(path.delimiter));
    const found = findTables().filter((place) => !place.includes("plugins"));
    expect(found).toEqual([path.join(one, "a"), path.join(one, "b"), two, path.join("tables", "c")]);
  });

  test("and where none is of the benchmark, the error says where and how to make one", () => {
    working();
    const error = harnessErrorOf(() => openTableFor("made-up-benchmark", undefined));
    expect(error.code).toBe("NAS_TABLE_NOT_FOUND");
    expect(error.details.what).toBe("there is no table of benchmark made-up-benchmark");
    expect(error.details.where).toContain(TABLES_VARIABLE);
    for (const command of ["table import csv", "table build", "--table"]) expect(error.details.next).toContain(command);
  });
});
