import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { type AsyncBuffer, parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { type ExportRequest, exportTable } from "../../core/exporters/export-table.ts";
import { float32Text } from "../../core/exporters/float32-text.ts";
import { formatArchitecture } from "../../core/space/codec.ts";
import { findProgram } from "../helpers/program.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeSmallTable } from "./small-table.ts";

const TABLE = path.join(sharedTemporaryFolder(), "small");
const CARD = writeSmallTable(TABLE);
type Row = Record<string, unknown>;

function bytesOf(file: string): ArrayBuffer {
  const { buffer, byteOffset, length } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
}

async function exported(request: Partial<ExportRequest>, name = "out.parquet"): Promise<string> {
  const file = path.join(temporaryFolder(), name);
  await exportTable(TABLE, CARD, file, {
    format: "parquet",
    shape: "curves",
    selection: {},
    overwrite: false,
    ...request,
  });
  return file;
}

async function rowsOf(request: Partial<ExportRequest>): Promise<Row[]> {
  return parquetReadObjects({ file: bytesOf(await exported(request)) as AsyncBuffer & ArrayBuffer });
}

async function faultOf(request: Partial<ExportRequest>, file = path.join(temporaryFolder(), "out.csv")) {
  const before = existsSync(path.dirname(file)) ? readdirSync(path.dirname(file)) : [];
  const thrown = await exportTable(TABLE, CARD, file, {
    ...{ format: "csv", shape: "curves", selection: {}, overwrite: false },
    ...request,
  }).then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(HarnessError);
  expect(existsSync(path.dirname(file)) ? readdirSync(path.dirname(file)) : []).toEqual(before);
  return thrown as HarnessError;
}

describe("curves", () => {
  test("a row for each dataset, recipe, architecture, trial and recorded epoch; views are brought together", async () => {
    const rows = await rowsOf({});
    const facts = rows.map((row) =>
      [row.dataset, row.architecture, row.trialSeed, row.aggregatedSeeds, row.epoch].join(" "),
    );
    expect(facts).toEqual([
      "cifar100 7 777  1",
      "cifar100 7 777  2",
      "cifar100 7 777  200",
      "cifar100 7 888  1",
      "cifar100 7 888  2",
      "cifar100 7 888  200",
      "cifar100 11 777  1",
      "cifar100 11 777  2",
      "cifar100 11 777  200",
      "cifar100 11   1",
      "cifar100 11   2",
      "cifar100 11   200",
      "cifar100 11  777 888 999 1",
      "cifar100 11  777 888 999 2",
      "cifar100 11  777 888 999 200",
      "cifar10-valid 7 111  1",
      "cifar10-valid 7 111  12",
    ]);
    expect(rows[2]).toEqual({
      ...{ dataset: "cifar100", recipe: "200-epochs", architecture: 7, architectureString: formatArchitecture(7) },
      ...{ trialSeed: 777, aggregatedSeeds: null, epoch: 200, trainAccuracy: null, validAccuracy: Math.fround(70.7) },
      ...{ validLoss: 1, trainMs: null, megaParameters: 1.5, testAccuracy: 60.5 },
    });
    expect(rows.map((row) => row.testAccuracy).filter((value) => value !== null)).toEqual([60.5, 61.5, 62.125]);
    expect(rows[4]?.validAccuracy).toBeNull();
    expect(rows.at(-1)).toMatchObject({ trainAccuracy: 90.5, trainMs: 1000, validLoss: null });
  });

  test("a selection restricts each part, and leaves out columns that have nothing", async () => {
    const rows = await rowsOf({
      selection: {
        datasets: ["cifar100"],
        splits: ["valid"],
        epochs: [{ first: 2, last: 300 }],
        architectures: [{ first: 0, last: 10 }],
        seeds: [{ first: 888, last: 888 }],
      },
    });
    expect(rows.map(({ architecture, trialSeed, epoch }) => [architecture, trialSeed, epoch])).toEqual([
      [7, 888, 2],
      [7, 888, 200],
    ]);
    expect(Object.keys(rows[0] ?? {}).slice(7)).toEqual(["validAccuracy", "validLoss", "megaParameters"]);
  });

  test("a mean is no trial with a seed", async () => {
    const rows = await rowsOf({ selection: { seeds: [{ first: 777, last: 999 }] } });
    expect(new Set(rows.map(({ trialSeed }) => trialSeed))).toEqual(new Set([777, 888]));
    expect(rows.every(({ aggregatedSeeds }) => aggregatedSeeds === null)).toBe(true);
  });
});

describe("summary", () => {
  test("means of single trials, or the table's own mean, told apart", async () => {
    const rows = await rowsOf({ shape: "summary", selection: { architectures: [{ first: 7, last: 11 }] } });
    expect(rows.map(({ architecture }) => architecture)).toEqual([7, 8, 9, 10, 11]);
    const valid = "cifar100/200-epochs/validAccuracy@200";
    const own = "cifar100/200-epochs/testAccuracy@200";
    const [first, , , , last] = rows as [Row, Row, Row, Row, Row];
    expect(first[valid]).toBe((Math.fround(70.7) + Math.fround(71.3)) / 2);
    expect(first[`${valid}/sd`]).toBeCloseTo(0.3 * Math.SQRT2, 5);
    expect([first[own], first[`${own}/sd`], first[`${own}/trials`], first[`${own}/aggregated`]]).toEqual([
      61,
      Math.SQRT1_2,
      2,
      false,
    ]);
    expect([last[valid], last[`${valid}/sd`], last[`${valid}/trials`], last[`${valid}/aggregated`]]).toEqual([
      14,
      null,
      1,
      false,
    ]);
    expect([last[own], last[`${own}/sd`], last[`${own}/trials`], last[`${own}/aggregated`]]).toEqual([
      62.125,
      null,
      3,
      true,
    ]);
    expect([first, last].map((row) => row["cifar100/200-epochs/megaParameters"])).toEqual([1.5, 0.75]);
    expect(rows[1]?.[valid]).toBeNull();
    expect(first["cifar10-valid/12-epochs/trainAccuracy@12"]).toBe(90.5);
  });

  test("at the epochs of the selection", async () => {
    const rows = await rowsOf({
      shape: "summary",
      selection: { datasets: ["cifar100"], epochs: [{ first: 1, last: 2 }], architectures: [{ first: 7, last: 7 }] },
    });
    expect(rows[0]).toMatchObject({
      "cifar100/200-epochs/validAccuracy@1/trials": 2,
      "cifar100/200-epochs/validAccuracy@2/trials": 1,
    });
    expect(Object.keys(rows[0] ?? {}).filter((name) => name.includes("test"))).toEqual([]);
  });
});

describe("files", () => {
  test("CSV holds what Parquet holds, each float32 as the shortest decimal", async () => {
    const rows = await rowsOf({});
    const text = readFileSync(await exported({ format: "csv" }), "utf8");
    const [header = "", ...lines] = text.trimEnd().split("\n");
    expect(lines[0]).toBe(`cifar100,200-epochs,7,${formatArchitecture(7)},777,,1,,10.1,3.25,,1.5,`);
    const names = header.split(",");
    lines.forEach((line, at) => {
      line.split(",").forEach((cell, column) => {
        const value = rows[at]?.[names[column] as string];
        if (value === null) expect(cell).toBe("");
        else if (typeof value === "number") expect(Math.fround(Number(cell))).toBe(value);
        else expect(cell).toBe(value);
      });
    });
    expect(lines).toHaveLength(rows.length);
  });

  test("Parquet says which table it was made from", async () => {
    const { key_value_metadata: metadata } = parquetMetadata(bytesOf(await exported({})));
    expect(JSON.parse(metadata?.find(({ key }) => key === "nas-harness")?.value ?? "")).toMatchObject({
      shape: "curves",
      table: { id: "small", version: "1.2.3", licence: "MIT", searchContentHash: CARD.searchContentHash },
    });
  });

  test("the same request gives the same bytes", async () => {
    for (const format of ["csv", "parquet"] as const) {
      const [first, second] = [await exported({ format }), await exported({ format })];
      expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
    }
  });

  const python = findProgram("python3");
  test.skipIf(python === null)("Python's csv module reads the same cells (needs python3)", async () => {
    const file = await exported({
      format: "csv",
      shape: "summary",
      selection: { architectures: [{ first: 7, last: 7 }] },
    });
    const script = "import csv,sys,json; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='')))))";
    const { stdout } = spawnSync(python as string, ["-c", script, file], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        architectureString: formatArchitecture(7),
        "cifar100/200-epochs/testAccuracy@200": "61",
        "cifar100/200-epochs/testAccuracy@200/aggregated": "false",
      }),
    ]);
  });

  test("nothing is overwritten without being asked for, and a folder never", async () => {
    const file = await exported({ format: "csv" });
    const before = readFileSync(file);
    const { code } = await faultOf({}, file);
    expect(code).toBe("NAS_OUTPUT_EXISTS");
    expect(readFileSync(file).equals(before)).toBe(true);
    const folder = path.join(temporaryFolder(), "folder.csv");
    mkdirSync(folder);
    expect((await faultOf({ overwrite: true }, folder)).details.what).toBe("the output is a folder");
    writeFileSync(file, "old");
    await exportTable(TABLE, CARD, file, { format: "csv", shape: "curves", selection: {}, overwrite: true });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("an interrupted export leaves nothing behind, and what was there as it was", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "out.csv");
    writeFileSync(file, "old");
    const request = { format: "csv", shape: "curves", selection: {}, overwrite: true } as const;
    expect(await exportTable(TABLE, CARD, file, { ...request, signal: AbortSignal.abort() })).toBeNull();
    expect(readdirSync(folder)).toEqual(["out.csv"]);
    expect(readFileSync(file, "utf8")).toBe("old");
  });
});

describe("selections that the table can't serve", () => {
  test.each<[string, ExportRequest["selection"], string, string]>([
    ["a dataset", { datasets: ["cifar100", "svhn"] }, "there is no dataset svhn", "cifar100, cifar10-valid"],
    ["a recipe", { recipes: ["90-epochs"] }, "there is no recipe 90-epochs", "200-epochs, 12-epochs"],
    [
      "a recipe of another dataset",
      { datasets: ["cifar100"], recipes: ["12-epochs"] },
      "no recipe 12-epochs",
      "200-epochs",
    ],
    [
      "an epoch",
      {
        epochs: [
          { first: 1, last: 2 },
          { first: 50, last: 50 },
        ],
      },
      "epoch 50",
      "1-2, 12, 200",
    ],
    ["epochs", { epochs: [{ first: 201, last: 300 }] }, "epochs 201 to 300", "1-2, 12, 200"],
    ["a seed", { seeds: [{ first: 5, last: 5 }] }, "seed 5", "111, 777, 888, 999"],
    ["a split", { splits: ["valtest"] }, "nothing is recorded", "splits train, valid, test"],
    ["a trial", { architectures: [{ first: 8, last: 9 }] }, "no trial of the table is selected", ""],
  ])("%s that is not there", async (_, selection, what, allowed) => {
    const { code, details } = await faultOf({ selection });
    expect(code).toBe("NAS_NOT_RECORDED");
    expect(details.what).toContain(what);
    if (allowed !== "") expect(details.allowed).toContain(allowed);
  });
});

test("a float32 as text gives the same float32, never needs more than nine digits, and is what people wrote", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: false }), (value) => {
      const text = float32Text(value);
      expect(Object.is(Math.fround(Number(text)), value) || (value === 0 && Number(text) === 0)).toBe(true);
      expect(
        text
          .replace(/e.*$/, "")
          .replace(/[-.]/g, "")
          .replace(/^0+|0+$/g, "").length,
      ).toBeLessThanOrEqual(9);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), (digits) => {
      expect(float32Text(Math.fround(digits / 10_000))).toBe(String(digits / 10_000));
    }),
  );
});
