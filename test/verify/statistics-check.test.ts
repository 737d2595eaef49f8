import { expect, test } from "vitest";
import { statisticsFaults } from "../../core/verify/statistics-check.ts";
import type { RunSummary, SummaryRow } from "../../schemas/generated/run-summary.ts";
import { exampleSummary } from "./example-submission.ts";

/** The summary with a changed row. */
function withRow(changes: Partial<SummaryRow>): RunSummary {
  const summary = exampleSummary();
  return { ...summary, rows: summary.rows.map((row) => ({ ...row, ...changes })) };
}

test("the same figures have no faults, whatever the measured seconds", () => {
  expect(statisticsFaults(withRow({ measuredCpuSeconds: 99 }), exampleSummary())).toEqual([]);
});

test("each changed field is told with both values", () => {
  const submitted = withRow({ evaluationsPerRun: 25, title: "Climbing" });
  expect(statisticsFaults(submitted, exampleSummary())).toEqual([
    'search shapes, title: submitted "Climbing", computed "Hill climbing"',
    "search shapes, evaluationsPerRun: submitted 25, computed 24.5",
  ]);
});

test("a column that is left out, and one that is made up, are faults", () => {
  const [row] = exampleSummary().rows;
  const { "shapes.test": test, ...rest } = row?.columns ?? {};
  for (const columns of [rest, { ...rest, "shapes.test": test ?? null, "shapes.luck": null }]) {
    expect(statisticsFaults(withRow({ columns }), exampleSummary())).toEqual([
      expect.stringMatching(/^search shapes, columns: submitted \{.*, computed \{/),
    ]);
  }
});

test("a row of another search, no row, and a row twice are faults", () => {
  const summary = exampleSummary();
  const made = "searches of the rows: submitted";
  expect(statisticsFaults({ ...summary, rows: [] }, summary)).toContain(`${made} [], computed ["shapes"]`);
  const [row] = summary.rows as [SummaryRow];
  const better = { ...row, columns: { ...row.columns, "shapes.test": { mean: 99, std: 0, low: 99, high: 99 } } };
  // The better one is shown, the true one would hide it.
  expect(statisticsFaults({ ...summary, rows: [better, row] }, summary)).toEqual([
    `${made} ["shapes","shapes"], computed ["shapes"]`,
  ]);
});
