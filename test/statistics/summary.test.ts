import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { summarizeMethod } from "../../core/statistics/summary.ts";
import { readSummary, SUMMARY_NAME, writeSummary } from "../../core/statistics/summary-file.ts";
import { runSummary } from "../../schemas/generated/validators.cjs";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { MADE_UP_TABLE, type MadeUpRun, writeMethodResults } from "./method-results.ts";

const PROTOCOL = loadProtocol("nas-bench-201-mean");
const FAILURE = { code: "NAS_ALGORITHM_THREW", what: "made-up threw in ask: no" };
const RUNS: readonly MadeUpRun[] = [
  { values: 91, evaluated: [5, 6, 7], cpuSeconds: 0.25 },
  { values: 93, evaluated: [5, 6, 7], cpuSeconds: 0.75 },
  { values: 92, evaluated: [8] },
];

function summaryOf(runs: readonly MadeUpRun[], changes: { protocol?: typeof PROTOCOL; title?: string } = {}) {
  const folder = writeMethodResults(temporaryFolder(), { runs, summary: false, ...changes });
  return summarizeMethod(folder, changes.protocol ?? PROTOCOL, MADE_UP_TABLE);
}

describe("a summary", () => {
  test("counts runs, trajectories, evaluations and seconds", () => {
    const summary = summaryOf(RUNS, { title: "Made up" });
    expect(summary.protocol).toEqual({ id: PROTOCOL.id, version: PROTOCOL.version });
    expect(summary.table).toEqual(MADE_UP_TABLE);
    expect(summary.rows).toHaveLength(1);
    expect(summary.rows[0]).toMatchObject({
      method: "made-up",
      version: "1.0.0",
      title: "Made up",
      search: "cifar10",
      options: {},
      runs: 3,
      failedRuns: 0,
      distinctRuns: 2,
      evaluationsPerRun: 7 / 3,
      searchSeconds: 3.5,
      measuredCpuSeconds: 0.5,
    });
    expect(summary.rows[0]).not.toHaveProperty("failures");
    expect(runSummary(summary), JSON.stringify(runSummary.errors)).toBe(true);
  });

  test("has mean, deviation and interval of every reported column in the protocol's order", () => {
    const columns = summaryOf(RUNS).rows[0]?.columns ?? {};
    expect(Object.keys(columns)).toEqual(PROTOCOL.searches[0]?.report.map(({ column }) => column));
    for (const statistic of Object.values(columns)) {
      expect(statistic?.mean).toBe(92);
      expect(statistic?.std).toBeCloseTo(Math.sqrt(2 / 3), 12);
      expect(statistic?.low).toBeLessThan(92);
      expect(statistic?.high).toBeGreaterThan(92);
    }
  });

  test("leaves failed runs out of every figure and counts them by code", () => {
    const other = { code: "NAS_ALGORITHM_TIMEOUT", what: "made-up did not finish run 4" };
    const runs = [...RUNS, { failure: FAILURE, cpuSeconds: 9 }, { failure: other }, { failure: FAILURE }];
    const [row] = summaryOf(runs).rows;
    const [without] = summaryOf(RUNS).rows;
    expect(row).toMatchObject({ runs: 3, failedRuns: 3, distinctRuns: 2, measuredCpuSeconds: 0.5 });
    expect(row?.failures).toEqual([
      { ...FAILURE, runs: 2 },
      { ...other, runs: 1 },
    ]);
    expect(row?.columns["cifar10.test"]?.mean).toBe(without?.columns["cifar10.test"]?.mean);
  });

  test("has no figures where no run finished", () => {
    const summary = summaryOf([{ failure: FAILURE }]);
    expect(summary.rows[0]).toMatchObject({ runs: 0, failedRuns: 1, evaluationsPerRun: 0, searchSeconds: 0 });
    expect(summary.rows[0]?.measuredCpuSeconds).toBeNull();
    expect(new Set(Object.values(summary.rows[0]?.columns ?? {}))).toEqual(new Set([null]));
    expect(runSummary(summary), JSON.stringify(runSummary.errors)).toBe(true);
  });

  test("names the records that it stands for: SHA-256 over their digests in order", () => {
    const folder = writeMethodResults(temporaryFolder(), { runs: RUNS });
    const digests = readRecords(folder).map(({ digest }) => `${digest}\n`);
    const expected = createHash("sha256").update(digests.join("")).digest("hex");
    expect(readSummary(folder).rows[0]?.recordsDigest).toBe(expected);
  });

  test("is the same for the same records, wherever they lie", () => {
    expect(summaryOf(RUNS)).toEqual(summaryOf(RUNS));
  });

  test("seeds its intervals by the records: other records, other resamples", () => {
    const values = [91.2, 93.4, 92.1, 90.7, 91.9, 92.6, 90.2];
    const intervalOf = (evaluated: number[]) =>
      summaryOf(values.map((value) => ({ values: value, evaluated }))).rows[0]?.columns["cifar10.test"];
    expect(intervalOf([1])?.mean).toBe(intervalOf([2])?.mean);
    expect(intervalOf([1])).not.toEqual(intervalOf([2]));
  });

  test("has a row for each search of the protocol, each with its own runs and columns", () => {
    const protocol = loadProtocol("nats-bench");
    const runs = protocol.searches.flatMap(({ id }, at) => [
      { search: id, values: 90 - at },
      { search: id, values: 92 - at },
    ]);
    const { rows } = summaryOf(runs, { protocol });
    expect(rows.map(({ search }) => search)).toEqual(["cifar10", "cifar100", "imagenet16-120"]);
    expect(rows.map((row) => row.columns[`${row.search}.test`]?.mean)).toEqual([91, 90, 89]);
    expect(rows.every((row) => Object.keys(row.columns).length === 2)).toBe(true);
    expect(new Set(rows.map(({ recordsDigest }) => recordsDigest)).size).toBe(3);
  });
});

describe("results that can't be summarised", () => {
  test("a finished run without a reported value", () => {
    const folder = writeMethodResults(temporaryFolder(), {
      runs: [{ values: { "cifar10.valid": 90 } }],
      summary: false,
    });
    expect(() => summarizeMethod(folder, PROTOCOL, MADE_UP_TABLE)).toThrow(
      expect.objectContaining({
        code: "NAS_REVEAL_INCOMPLETE",
        message: expect.stringContaining("run 0 of search cifar10 has no value for cifar10.test"),
      }),
    );
  });

  test("records of another protocol, version or table", () => {
    const folder = writeMethodResults(temporaryFolder(), { runs: RUNS });
    const others: [typeof PROTOCOL, typeof MADE_UP_TABLE][] = [
      [loadProtocol("nas-bench-201"), MADE_UP_TABLE],
      [{ ...PROTOCOL, version: "2.0.0" }, MADE_UP_TABLE],
      [PROTOCOL, { ...MADE_UP_TABLE, version: "1.0.1" }],
      [PROTOCOL, { ...MADE_UP_TABLE, searchContentHash: "b".repeat(64) }],
      [{ ...PROTOCOL, searches: loadProtocol("nats-bench").searches.slice(1) }, MADE_UP_TABLE],
    ];
    for (const [protocol, table] of others) {
      expect(() => summarizeMethod(folder, protocol, table)).toThrow(
        expect.objectContaining({ code: "NAS_RECORD_CORRUPT" }),
      );
    }
  });

  test("a folder without run.json", () => {
    const folder = writeMethodResults(temporaryFolder(), { runs: RUNS });
    rmSync(path.join(folder, "run.json"));
    expect(() => summarizeMethod(folder, PROTOCOL, MADE_UP_TABLE)).toThrow(
      expect.objectContaining({ code: "NAS_FILE_NOT_FOUND", message: expect.stringContaining("run.json") }),
    );
  });
});

describe("summary.json", () => {
  test("is read as it was written, and written as the same bytes", () => {
    const folder = writeMethodResults(temporaryFolder(), { runs: RUNS });
    const file = path.join(folder, SUMMARY_NAME);
    const before = readFileSync(file, "utf8");
    writeSummary(folder, readSummary(folder));
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("that is torn, or breaks its schema, is refused by name with every fault", () => {
    const folder = writeMethodResults(temporaryFolder(), { runs: RUNS });
    const file = path.join(folder, SUMMARY_NAME);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, text.length / 2));
    expect(() => readSummary(folder)).toThrow(expect.objectContaining({ code: "NAS_JSON" }));
    const broken = JSON.parse(text) as { rows: Record<string, unknown>[] };
    broken.rows[0] = { ...broken.rows[0], runs: "three", columns: { "cifar10.test": { mean: 90 } } };
    writeFileSync(file, JSON.stringify(broken));
    expect(() => readSummary(folder)).toThrow(
      expect.objectContaining({
        code: "NAS_SCHEMA",
        details: expect.objectContaining({
          where: expect.stringMatching(/summary\.json[\s\S]*rows\[0\]\.runs[\s\S]*std/),
        }),
      }),
    );
  });
});
