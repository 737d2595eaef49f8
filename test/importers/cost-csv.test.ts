import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { checkCostTable } from "../../core/costs/cost-check.ts";
import type { CostValues } from "../../core/costs/cost-column.ts";
import { costAt, openCostTable } from "../../core/costs/cost-table.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { importCostCsv } from "../../core/importers/cost-csv.ts";
import { builtInCostMappings, locateCostMapping, readCostMapping } from "../../core/importers/cost-mapping.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { CostMapping } from "../../schemas/generated/cost-mapping.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { hasSharedData, needsSharedData, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const MAPPING: CostMapping = {
  table: {
    id: "made-up",
    version: "1.0.0",
    title: "Made-up costs",
    licence: "MIT",
    description: "Made-up values for tests.",
    unitsFrom: "This test.",
  },
  architecture: { index: "index" },
  columns: [
    { column: "phone", name: "phone-latency", device: "A phone", quantity: "latency", absent: "-1.0" },
    { column: "chip", name: "chip-energy", device: "A chip", batchSize: 32, quantity: "energy" },
  ],
  ignored: ["notes"],
};
const ROWS: readonly (readonly string[])[] = Array.from({ length: ARCHITECTURE_COUNT }, (_, index) => [
  ...[`${index}`, index % 5 === 0 ? "-1.0" : `${index / 7}`, `${(index % 100) / 10}`, "a note"],
]);
const HEADER = ["index", "phone", "chip", "notes"];

type Rows = readonly (readonly string[])[];

function csvText(change: (rows: string[][]) => Rows = (rows) => rows, header: readonly string[] = HEADER): string {
  return `${[header, ...change(ROWS.map((row) => [...row]))].map((row) => row.join(",")).join("\n")}\n`;
}

async function imported(text: string | Uint8Array, mapping: CostMapping = MAPPING) {
  const folder = temporaryFolder();
  const [csv, file, output] = ["costs.csv", "mapping.json", "out"].map((name) => path.join(folder, name));
  writeFileSync(csv as string, text);
  writeFileSync(file as string, JSON.stringify(mapping));
  const before = readdirSync(folder).sort();
  const error = await importCostCsv(
    csv as string,
    readCostMapping(file as string),
    file as string,
    output as string,
    false,
  ).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error !== null) expect(readdirSync(folder).sort()).toEqual(before);
  return { output: output as string, error };
}

async function importError(...parts: Parameters<typeof imported>): Promise<HarnessError> {
  const { error } = await imported(...parts);
  expect(error).toBeInstanceOf(HarnessError);
  return error as HarnessError;
}

const withCell = (row: number, cell: number, text: string) => (rows: string[][]) => {
  (rows[row] as string[])[cell] = text;
  return rows;
};

test("a CSV becomes a cost table: float32 values, absent ones null, rows in any order, gzip or not", async () => {
  const { output, error } = await imported(csvText());
  expect(error).toBeNull();
  const { card, values } = openCostTable(output);
  expect(card.columns).toEqual([
    { name: "phone-latency", device: "A phone", quantity: "latency", unit: "ms" },
    { name: "chip-energy", device: "A chip", batchSize: 32, quantity: "energy", unit: "mJ" },
  ]);
  expect(card.provenance.sources.map(({ file }) => file)).toEqual(["costs.csv", "mapping.json"]);
  const read = Array.from({ length: ARCHITECTURE_COUNT }, (_, index) => values.map((column) => costAt(column, index)));
  expect(read).toEqual(
    ROWS.map(([, phone, chip]) => [phone === "-1.0" ? null : Math.fround(Number(phone)), Math.fround(Number(chip))]),
  );
  const reversed = await imported(gzipSync(csvText((rows) => rows.reverse())));
  expect(openCostTable(reversed.output).card.contentHash).toBe(card.contentHash);
});

describe("what is no cost table is refused, and nothing is written", () => {
  test.each<[string, string, () => string, RegExp]>([
    [
      "a missing column",
      "NAS_CSV_COLUMN",
      () => csvText(undefined, ["index", "fone", "chip", "notes"]),
      /missing: phone/,
    ],
    [
      "a column that the mapping does not know",
      "NAS_CSV_COLUMN",
      () => csvText((rows) => rows.map((row) => [...row, "1"]), [...HEADER, "extra"]),
      /unknown: "extra"/,
    ],
    ["a column twice", "NAS_CSV_COLUMN", () => csvText(undefined, ["index", "phone", "chip", "chip"]), /twice: chip/],
    ["NaN", "NAS_CSV_VALUE", () => csvText(withCell(3, 2, "NaN")), /"NaN".*\n[\s\S]*row 4\), column chip/],
    ["a negative value", "NAS_CSV_VALUE", () => csvText(withCell(3, 2, "-1.0")), /"-1.0"/],
    ["another text for what is absent", "NAS_CSV_VALUE", () => csvText(withCell(3, 1, "-1")), /"-1"/],
    ["an empty cell", "NAS_CSV_VALUE", () => csvText(withCell(3, 2, "")), /a cell is empty[\s\S]*"absent"/],
    ["infinity", "NAS_CSV_VALUE", () => csvText(withCell(3, 2, "Infinity")), /"Infinity"/],
    ["a value past float32", "NAS_CSV_VALUE", () => csvText(withCell(3, 2, "1e39")), /"1e39"/],
    ["hexadecimal digits", "NAS_CSV_VALUE", () => csvText(withCell(3, 2, "0x10")), /"0x10"/],
    [
      "an architecture twice",
      "NAS_CSV_ARCHITECTURES",
      () => csvText(withCell(3, 0, "2")),
      /architecture 2 stands there twice/,
    ],
    [
      "a missing architecture",
      "NAS_CSV_ARCHITECTURES",
      () => csvText((rows) => rows.slice(1)),
      /1 architecture is missing/,
    ],
    ["an index past the space", "NAS_ARCHITECTURE_INDEX", () => csvText(withCell(3, 0, "15625")), /15625/],
    ["a row of too many cells", "NAS_CSV_SYNTAX", () => csvText((rows) => rows.map((row) => [...row, "1"])), /no CSV/],
    ["an empty file", "NAS_CSV_SYNTAX", () => "", /empty/],
  ])("%s", async (_, code, text, message) => {
    const error = await importError(text());
    expect(error.code).toBe(code);
    const { what, where = "", next = "" } = error.details;
    expect([what, where, next].join("\n")).toMatch(message);
  });
});

test("a mapping that contradicts itself lists every fault", () => {
  const file = path.join(temporaryFolder(), "mapping.json");
  const [phone, chip] = MAPPING.columns as [CostMapping["columns"][number], CostMapping["columns"][number]];
  const columns = [phone, phone, { ...chip, column: "index" }, { ...phone, column: "x", dataset: "cifar10" }];
  writeFileSync(file, JSON.stringify({ ...MAPPING, columns }));
  const error = harnessErrorOf(() => readCostMapping(file));
  expect(error.code).toBe("NAS_SCHEMA");
  for (const fault of [
    "two columns are named phone-latency",
    "column phone of the CSV",
    "column index of the CSV",
    "a dataset in one place",
  ])
    expect(error.details.where).toContain(fault);
});

test("an output that is no cost table is never replaced", async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "precious.txt"), "");
  const csv = path.join(temporaryFolder(), "costs.csv");
  writeFileSync(csv, csvText());
  const mapping = locateCostMapping("help");
  const error = await importCostCsv(csv, readCostMapping(mapping), mapping, folder, true).catch((thrown) => thrown);
  expect(error.code).toBe("NAS_OUTPUT_EXISTS");
  expect(readdirSync(folder)).toEqual(["precious.txt"]);
});

test("the built-in mappings are valid", () => {
  expect(builtInCostMappings()).toEqual(["help", "hw-nas-bench"]);
  const counts = builtInCostMappings().map((name) => readCostMapping(locateCostMapping(name)).columns.length);
  expect(counts).toEqual([27, 30]);
});

describe.skipIf(!hasSharedData)(needsSharedData("the real files"), () => {
  const shared = sharedTemporaryFolder();

  test.each([
    ["hw-nas-bench", "nb201_hw_nas_bench.csv.gz", 30],
    ["help", "nb201_device_latency.csv.gz", 27],
  ])("%s has every value of the CSV as float32", async (name, file, width) => {
    const mappingFile = locateCostMapping(name);
    const mapping = readCostMapping(mappingFile);
    const output = path.join(shared, name);
    const card = await importCostCsv(sharedData(file), mapping, mappingFile, output, false);
    const { values } = openCostTable(output);
    expect(card.columns).toHaveLength(width);
    expect(checkCostTable(output, card).filter(({ result }) => result !== "ok")).toEqual([]);
    const [header, ...rows] = gunzipSync(readFileSync(sharedData(file)))
      .toString("utf8")
      .trimEnd()
      .split("\n");
    const names = (header as string).split(",");
    expect(names.slice(1)).toEqual(mapping.columns.map(({ column }) => column));
    expect(rows).toHaveLength(ARCHITECTURE_COUNT);
    const differing = rows.flatMap((row, index) => {
      const [own, ...cells] = row.split(",");
      const expected = cells.map((cell) => (Number(cell) === -1 ? null : Math.fround(Number(cell))));
      const found = values.map((column) => costAt(column, index));
      return own === `${index}` && expected.every((value, at) => Object.is(value, found[at])) ? [] : [index];
    });
    expect(differing).toEqual([]);
    const absent = values.map(({ recorded }) => recorded?.filter((flag) => flag === 0).length ?? 0);
    // HW-NAS-Bench's Edge TPU could not run every architecture; its file says -1.
    const expected = card.columns.map((column) =>
      name === "hw-nas-bench" && column.name === "edgetpu-latency" ? 4699 : 0,
    );
    expect(absent).toEqual(expected);
  });

  test("agree where HELP took over HW-NAS-Bench's values of CIFAR-10", async () => {
    const [hw, help] = ["hw-nas-bench", "help"].map((name) => openCostTable(path.join(shared, name)));
    for (const name of ["raspi4-latency", "pixel3-latency", "eyeriss-latency", "fpga-latency"]) {
      const [a, b] = [hw, help].map((table) => table?.values[table.card.columns.findIndex((one) => one.name === name)]);
      // Equal but for the digits that each CSV prints.
      const apart = (a as CostValues).values.map((value, index) => Math.abs(value / (b?.values[index] as number) - 1));
      expect(Math.max(...apart), name).toBeLessThan(1e-6);
    }
  });
});
