import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { readMapping } from "../../core/importers/csv-mapping.ts";
import { importCsvTable } from "../../core/importers/csv-table.ts";
import { formatArchitecture } from "../../core/space/codec.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { type CsvChanges, gzipped, HEADER, MADE_UP_MAPPING, madeUpCsv, writeImport } from "./made-up-csv.ts";

/** The error that importing a CSV ends with; nothing may have been written. */
async function importError(csv: string | Uint8Array, mapping: unknown = MADE_UP_MAPPING): Promise<HarnessError> {
  const folder = temporaryFolder();
  const files = writeImport(folder, csv, mapping);
  const before = readdirSync(folder).sort();
  const error = await importCsvTable(files.csv, readMapping(files.mapping), files.mapping, files.output, false).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(readdirSync(folder).sort()).toEqual(before);
  expect(error).toBeInstanceOf(HarnessError);
  return error as HarnessError;
}

function changedError(changes: CsvChanges): Promise<HarnessError> {
  return importError(madeUpCsv(changes));
}

describe("columns", () => {
  test("all missing columns are named at once, with those that are there", async () => {
    const header = HEADER.map((name) => (name === "valid 2" || name === "seconds" ? `${name}!` : name));
    const { code, details } = await changedError({ header });
    expect(code).toBe("NAS_CSV_COLUMN");
    expect(details.what).toBe("2 columns are missing");
    expect(details.where).toMatch(/values\.csv:1\n- missing: seconds\n- missing: valid 2$/);
    expect(details.allowed).toContain("index, arch, seeds, seconds!, valid 1, valid 2!");
  });

  test("a needed column that is there twice is refused", async () => {
    const { code, details } = await changedError({ header: HEADER.map((name) => (name === "notes" ? "loss" : name)) });
    expect(code).toBe("NAS_CSV_COLUMN");
    expect(details.where).toContain("- twice: loss");
  });
});

describe("values", () => {
  test.each([
    ["valid 1", "NaN", 'a cell holds "NaN"', "a number from 0 to 100 (percent)"],
    ["valid 1", "", "a cell is empty", "a number from 0 to 100 (percent)"],
    ["valid 2", "abc", 'a cell holds "abc"', "a number from 0 to 100 (percent)"],
    ["valid 2", "100.01", 'a cell holds "100.01"', "a number from 0 to 100 (percent)"],
    ["long 7", "-0.5", 'a cell holds "-0.5"', "a number from 0 to 100 (percent)"],
    ["long 7", " 5", 'a cell holds " 5"', "a number from 0 to 100 (percent)"],
    ["long 9", "inf", 'a cell holds "inf"', "a number from 0 to 100 (percent), or nothing"],
    ["loss", "1e39", 'a cell holds "1e39"', "a number from 0 on (nats)"],
    ["seconds", "", "a cell is empty", "a number from 0 on (seconds)"],
    ["seeds", "4", 'a cell holds "4"', "an integer from 1 to 3"],
    ["seeds", "1.5", 'a cell holds "1.5"', "an integer from 1 to 3"],
  ])("%s = %j is refused with file, line, row and column", async (column, text, what, allowed) => {
    const { code, details } = await changedError({ cells: { 41: { [column]: text } } });
    expect(code).toBe("NAS_CSV_VALUE");
    expect(details).toMatchObject({ what, allowed });
    expect(details.where).toMatch(new RegExp(`values\\.csv:43 \\(row 42\\), column ${column}$`));
    expect(details.next).toContain("correct the file");
  });
});

describe("architectures", () => {
  test("a missing one is counted and named", async () => {
    const { code, details } = await changedError({ rows: (rows) => rows.filter((_, at) => at !== 15) });
    expect(code).toBe("NAS_CSV_ARCHITECTURES");
    expect(details.what).toBe("1 architecture is missing: the file has 15624 rows");
    expect(details.where).toContain(`the first missing one is 15, ${formatArchitecture(15)}`);
  });

  test("a header without rows lacks them all", async () => {
    const { details } = await changedError({ rows: () => [] });
    expect(details.what).toBe("15625 architectures are missing: the file has 0 rows");
  });

  test("one that comes twice is named with both rows", async () => {
    const { code, details } = await changedError({ rows: (rows) => [...rows, rows[7] as string[]] });
    expect(code).toBe("NAS_CSV_ARCHITECTURES");
    expect(details.what).toBe("architecture 7 stands there twice, in row 8 and in row 15626");
    expect(details.where).toMatch(/values\.csv:15627 \(row 15626\)$/);
  });

  test("index and string must agree", async () => {
    const { code, details } = await changedError({ cells: { 3: { arch: formatArchitecture(4) } } });
    expect(code).toBe("NAS_CSV_ARCHITECTURES");
    expect(details.what).toBe("index 3 and the architecture string disagree");
    expect(details.allowed).toContain("the string's index is 4");
  });

  test("a malformed string is shown with row and caret", async () => {
    const text = formatArchitecture(3).replace("~0", "~1");
    const { code, details } = await changedError({ cells: { 3: { arch: text } } });
    expect(code).toBe("NAS_ARCHITECTURE_SYNTAX");
    expect(details.where).toMatch(/values\.csv:5 \(row 4\), column arch\n\|.*\n +\^$/);
  });

  test.each(["15625", "-1", "1.5", "", "x"])("index %j is refused with its row", async (index) => {
    const { code, details } = await changedError({ cells: { 3: { index } } });
    expect(code).toBe("NAS_ARCHITECTURE_INDEX");
    expect(details.where).toMatch(/values\.csv:5 \(row 4\), column index$/);
  });

  test("the index alone is enough", async () => {
    const mapping = { ...MADE_UP_MAPPING, architecture: { index: "index" } };
    const { code } = await importError(madeUpCsv({ cells: { 3: { index: "4" } } }), mapping);
    expect(code).toBe("NAS_CSV_ARCHITECTURES");
  });
});

describe("syntax", () => {
  const whole = gzipped(madeUpCsv());

  test("a truncated gzip file is called truncated", async () => {
    const { code, details } = await importError(whole.subarray(0, whole.length - 1000));
    expect(code).toBe("NAS_CSV_SYNTAX");
    expect(details.what).toBe("the gzip file is truncated: it ends too early");
    expect(details.where).toMatch(/values\.csv$/);
  });

  test("a gzip file that lacks only its checksum is truncated too", async () => {
    expect((await importError(whole.subarray(0, whole.length - 8))).details.what).toContain("truncated");
  });

  test("a flipped bit in a gzip file is found", async () => {
    const broken = Buffer.from(whole);
    (broken[broken.length - 6] as number) ^= 1;
    const { code, details } = await importError(broken);
    expect(code).toBe("NAS_CSV_SYNTAX");
    expect(details.what).toContain("the gzip file is broken");
  });

  test("a row with too few cells is named by its line", async () => {
    const { code, details } = await importError(
      madeUpCsv({ rows: (rows) => rows.map((row, at) => (at === 9 ? row.slice(1) : row)) }),
    );
    expect(code).toBe("NAS_CSV_SYNTAX");
    expect(details.where).toMatch(/values\.csv:11$/);
  });

  test("a quote that is never closed is an error", async () => {
    const { code } = await changedError({ cells: { 15600: { notes: '"open' } } });
    expect(code).toBe("NAS_CSV_SYNTAX");
  });

  test("an empty file is an error", async () => {
    const { code, details } = await importError("");
    expect(code).toBe("NAS_CSV_SYNTAX");
    expect(details.what).toBe("the file is empty");
  });
});

describe("files", () => {
  const mapping = MADE_UP_MAPPING;

  test("a file that is not there, and a folder in its place", async () => {
    const folder = temporaryFolder();
    const absent = importCsvTable(
      path.join(folder, "absent.csv"),
      mapping,
      "mapping.json",
      path.join(folder, "t"),
      false,
    );
    await expect(absent).rejects.toMatchObject({ code: "NAS_FILE_NOT_FOUND" });
    await expect(importCsvTable(folder, mapping, "mapping.json", path.join(folder, "t"), false)).rejects.toMatchObject({
      code: "NAS_FILE_UNREADABLE",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("an output that holds something else is never replaced, not even with overwrite", async () => {
    const files = writeImport(temporaryFolder(), madeUpCsv());
    mkdirSync(files.output, { recursive: true });
    writeFileSync(path.join(files.output, "thesis.tex"), "");
    const attempt = importCsvTable(files.csv, mapping, files.mapping, files.output, true);
    await expect(attempt).rejects.toMatchObject({ code: "NAS_OUTPUT_EXISTS" });
    expect(existsSync(path.join(files.output, "thesis.tex"))).toBe(true);
  });

  test("a failed import leaves the table that is there as it was", async () => {
    const files = writeImport(temporaryFolder(), madeUpCsv());
    const card = await importCsvTable(files.csv, mapping, files.mapping, files.output, false);
    writeFileSync(files.csv, madeUpCsv({ rows: (rows) => rows.slice(1) }));
    const again = importCsvTable(files.csv, mapping, files.mapping, files.output, true);
    await expect(again).rejects.toMatchObject({ code: "NAS_CSV_ARCHITECTURES" });
    const { readCard } = await import("../../core/tables/search-view.ts");
    expect(readCard(files.output)).toEqual(card);
  });

  test("of two imports into one folder at the same time one wins and the other says why it did not", async () => {
    const files = writeImport(temporaryFolder(), madeUpCsv());
    const attempt = () => importCsvTable(files.csv, mapping, files.mapping, files.output, false);
    const results = await Promise.allSettled([attempt(), attempt()]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected");
    expect(["NAS_OUTPUT_EXISTS", "NAS_OUTPUT_LOCKED"]).toContain((refused as PromiseRejectedResult).reason.code);
    expect(readdirSync(path.dirname(files.output))).toEqual(["made-up"]);
  });
});
