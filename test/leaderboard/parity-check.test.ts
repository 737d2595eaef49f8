import { describe, expect, test } from "vitest";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";
import { boundOf, checkParity, PARITY_METHODS } from "../../leaderboard/parity-check.ts";
import type { PublishedTable } from "../../schemas/generated/published-results.ts";
import type { RunSummary, SummaryRow } from "../../schemas/generated/run-summary.ts";

const PUBLISHED = readPublished()[0] as PublishedTable;

/** Summaries whose means are the published ones moved by what `shift` gives. */
function summaries(shift: (method: string, column: string) => number): RunSummary[] {
  return PARITY_METHODS.map((method) => {
    const printed = PUBLISHED.rows.find((row) => row.method === method);
    const columns = Object.entries(printed?.columns ?? {}).map(([column, { mean }]) => {
      const moved = mean + shift(method, column);
      return [column, { mean: moved, std: 9, low: moved, high: moved }];
    });
    const row: SummaryRow = {
      method,
      version: "1.0.0",
      title: method,
      search: "cifar10",
      options: {},
      runs: 500,
      failedRuns: 0,
      distinctRuns: 500,
      evaluationsPerRun: 100,
      searchSeconds: 12_000,
      measuredCpuSeconds: null,
      recordsDigest: "0".repeat(64),
      columns: Object.fromEntries(columns),
    };
    const table = { id: "t", version: "1.0.0", searchContentHash: "0".repeat(64) };
    return { protocol: { id: "nas-bench-201-mean", version: "1.0.0" }, table, rows: [row] };
  });
}

describe("parity with the published rows", () => {
  test("compares 24 means and judges no deviation", () => {
    const result = checkParity(
      summaries(() => 0),
      PUBLISHED,
    );
    expect(result.differences).toHaveLength(24);
    expect(result.differences.every(({ difference, within, std }) => difference === 0 && within && std === 9)).toBe(
      true,
    );
    expect(result.passed).toBe(true);
  });

  test("has the project's bounds: 0.15, 0.40 and 0.45 by dataset", () => {
    expect(["cifar10.test", "cifar100.valid", "imagenet16-120.test"].map(boundOf)).toEqual([0.15, 0.4, 0.45]);
    expect(() => boundOf("mnist.test")).toThrow(RangeError);
  });

  test.each([1, -1])("passes just inside of every bound and fails just outside of one (sign %i)", (sign) => {
    expect(
      checkParity(
        summaries((_, column) => sign * 0.99 * boundOf(column)),
        PUBLISHED,
      ).passed,
    ).toBe(true);
    for (const column of ["cifar10.valid", "cifar100.test", "imagenet16-120.valid"]) {
      const outside = summaries((method, name) =>
        method === "rs" && name === column ? sign * 1.01 * boundOf(name) : 0,
      );
      const result = checkParity(outside, PUBLISHED);
      expect(result.passed).toBe(false);
      expect(result.differences.filter(({ within }) => !within)).toEqual([
        expect.objectContaining({ method: "rs", column }),
      ]);
    }
  });

  test("does not pass on a part: a missing method or figure is named", () => {
    const part = checkParity(summaries(() => 0).slice(1), PUBLISHED);
    expect(part.passed).toBe(false);
    expect(part.missing).toEqual(["rea has no re-run"]);
    const [first, ...others] = summaries(() => 0) as [RunSummary, ...RunSummary[]];
    (first.rows[0] as SummaryRow).columns["cifar10.test"] = null;
    expect(checkParity([first, ...others], PUBLISHED)).toMatchObject({
      passed: false,
      missing: ["rea has no figure for cifar10.test"],
    });
  });
});
