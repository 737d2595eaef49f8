import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { locateDataset } from "../../core/plugins/dataset-splits.ts";
import {
  findTables,
  openTableFor,
  TABLES_VARIABLE,
  tableOfDataset,
  tableOfProtocol,
} from "../../core/tables/table-location.ts";
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

describe("the table of a protocol's file", () => {
  const withTable = (protocol: string) => {
    const folder = writeDataset(temporaryFolder(), datasetManifest({ table: "table", protocol }));
    for (const file of ["protocol.json", "protocols/own.json", "other.json"]) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), "{}");
    }
    cpSync(path.join(GENERATED, "table.json"), path.join(folder, "table/table.json"));
    return folder;
  };

  test("is that of the plugin whose manifest names the file, also by a relative path and in a folder below", () => {
    const folder = withTable("protocol.json");
    const own = tableOfProtocol(path.join(folder, "protocol.json"));
    expect(own).toBe(path.join(folder, "table"));
    expect(tableOfProtocol(path.relative(".", path.join(folder, "protocol.json")))).toBe(own);
    const below = withTable("./protocols/own.json");
    expect(tableOfProtocol(path.join(below, "protocols/own.json"))).toBe(path.join(below, "table"));
  });

  test("is none for another file, a manifest that names no table, a table that is not there, and an id", () => {
    const folder = withTable("protocol.json");
    expect(tableOfProtocol(path.join(folder, "other.json"))).toBeNull();
    expect(tableOfProtocol(path.join(folder, "protocols/own.json"))).toBeNull();
    expect(tableOfProtocol("nas-bench-201")).toBeNull();
    expect(tableOfProtocol(path.join(withTable("nas-bench-201"), "nas-bench-201"))).toBeNull();
    rmSync(path.join(folder, "table"), { recursive: true });
    expect(tableOfProtocol(path.join(folder, "protocol.json"))).toBeNull();
    const tableless = writeDataset(temporaryFolder(), datasetManifest({ protocol: "protocol.json" }));
    expect(tableOfProtocol(path.join(tableless, "protocol.json"))).toBeNull();
    expect(tableOfProtocol(path.join(temporaryFolder(), "protocol.json"))).toBeNull();
  });

  test("comes before those that are found, unless it is of another benchmark or one is named", () => {
    const own = path.join(withTable("protocol.json"), "table");
    const found = path.join(temporaryFolder(), "found");
    cpSync(GENERATED, found, { recursive: true });
    vi.stubEnv(TABLES_VARIABLE, found);
    const opened = (benchmark: string, given?: string) => openTableFor(benchmark, given, undefined, own).folder;
    expect(opened("nas-bench-201")).toBe(own);
    expect(opened("nas-bench-201", found)).toBe(found);
    const card = path.join(own, "table.json");
    writeFileSync(card, readFileSync(card, "utf8").replace('"benchmark": "nas-bench-201"', '"benchmark": "other"'));
    expect(opened("nas-bench-201")).toBe(found);
    expect(opened("other")).toBe(own);
    vi.unstubAllEnvs();
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
