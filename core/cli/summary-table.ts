import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { limitText } from "../costs/constraints.ts";
import { columns } from "./terminal.ts";

/** A line for each constraint, once however many rows were made under it. */
function constraintLines({ rows }: RunSummary, severalSearches: boolean): string[] {
  const lines = rows.flatMap(({ search, constraints = [] }) =>
    constraints.map((limit) => `constrained${severalSearches ? `, search ${search}` : ""}: ${limitText(limit)}`),
  );
  return [...new Set(lines)];
}

/** A summary as a text table: a row a method and search, mean ± std in percent; below it the constraints, if there are any. */
export function summaryTable(summary: RunSummary): string {
  const names = [...new Set(summary.rows.flatMap((row) => Object.keys(row.columns)))];
  const severalSearches = new Set(summary.rows.map((row) => row.search)).size > 1;
  const header = ["method", ...(severalSearches ? ["search"] : []), "runs", "distinct", "evaluations", ...names];
  const rows = summary.rows.map((row) => [
    row.method,
    ...(severalSearches ? [row.search] : []),
    row.failedRuns > 0 ? `${row.runs}/${row.runs + row.failedRuns}` : String(row.runs),
    String(row.distinctRuns),
    row.evaluationsPerRun.toFixed(1),
    ...names.map((name) => {
      const statistic = row.columns[name];
      return statistic == null ? "" : `${statistic.mean.toFixed(2)} ± ${statistic.std.toFixed(2)}`;
    }),
  ]);
  return [columns([header, ...rows]), ...constraintLines(summary, severalSearches)].join("\n");
}
