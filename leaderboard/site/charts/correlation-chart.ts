import type { Html } from "../../generator/html.ts";
import { columnCorrelations, columnTitle, type TableColumn, type TableFacts } from "../table-facts.ts";
import { matrixChart } from "./matrix-chart.ts";
import { noChart } from "./plot-svg.ts";

/** More columns than this don't fit. */
const MOST_COLUMNS = 14;

/**
 * The columns that searches use and report: validation accuracies of every recipe, test accuracies of the longest; no column
 * without values.
 */
export function correlatedColumns({ columns }: TableFacts): TableColumn[] {
  return columns
    .filter(({ split, isLongest }) => split === "valid" || isLongest)
    .filter(({ values }) => values.some((value) => !Number.isNaN(value)))
    .slice(0, MOST_COLUMNS);
}

/** How well the rankings of all architectures agree between datasets, recipes and splits: Kendall's tau-b of each two columns. */
export function correlationChart(facts: TableFacts): Html {
  const columns = correlatedColumns(facts);
  if (columns.length < 2) return noChart("The table has fewer than two columns of accuracies.");
  const correlations = columnCorrelations(columns);
  const isOneDataset = columns.every(({ dataset }) => dataset === columns[0]?.dataset);
  const names = columns.map((column) => (isOneDataset ? `${column.recipe} ${column.split}` : columnTitle(column)));
  const shown = correlations.map(
    ({ first, second, kendall }) => `${names[first]} and ${names[second]} ${kendall?.toFixed(2) ?? "none"}`,
  );
  return matrixChart({
    title: "Rank correlation of accuracies (Kendall's tau-b)",
    text: `Over ${facts.architectures.length} ${facts.isByClass ? "classes of architectures" : "architectures"}: ${shown.join("; ")}.`,
    names,
    valueAt: (row, column) =>
      correlations.find(({ first, second }) => first === column && second === row)?.kendall ?? null,
  });
}
