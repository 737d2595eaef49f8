import { type Correlation, tableCorrelations } from "./table-correlations.ts";
import { requestedTables, tableHeading } from "./table-folders.ts";
import { columns, print, printJson } from "./terminal.ts";

const DECIMALS = 3;
const EXPLANATION = `Kendall's tau-b and Spearman's rho over all cells, then over the top 10 % by the first of the two;
accuracies after the last recorded epoch; n counts the cells for which both are recorded.`;
const NUMBERS = ["n", "tau", "rho", "top n", "tau", "rho"];

function formatCoefficient(value: number | null): string {
  return value === null ? "" : value.toFixed(DECIMALS);
}

function numbersOf({ all, top }: Correlation): string[] {
  return [all, top].flatMap(({ n, kendall, spearman }) => [
    `${n}`,
    formatCoefficient(kendall),
    formatCoefficient(spearman),
  ]);
}

/** What each kind's table is headed by, and the cells before the numbers. */
const SECTIONS = {
  datasets: {
    title: "between datasets (mean over trials)",
    header: ["recipe", "split", "first", "second"],
    cells: ({ first, second }: Correlation) => [first.recipe, first.split, first.dataset, second.dataset],
  },
  recipes: {
    title: "between recipes (mean over trials)",
    header: ["dataset", "split", "first", "second"],
    cells: ({ first, second }: Correlation) => [first.dataset, first.split, first.recipe, second.recipe],
  },
  seeds: {
    title: "between seeds (single trials)",
    header: ["dataset", "recipe", "split", "seeds"],
    cells: ({ first, second }: Correlation) => [
      first.dataset,
      first.recipe,
      first.split,
      `${first.seed} / ${second.seed}`,
    ],
  },
} as const;

function describe(correlations: readonly Correlation[]): string {
  return (["datasets", "recipes", "seeds"] as const)
    .map((kind) => {
      const { title, header, cells } = SECTIONS[kind];
      const rows = correlations
        .filter(({ between }) => between === kind)
        .map((correlation) => [...cells(correlation), ...numbersOf(correlation)]);
      return rows.length === 0 ? `${title}\nnone` : `${title}\n${columns([[...header, ...NUMBERS], ...rows])}`;
    })
    .join("\n\n");
}

/** The action of `table correlate`. @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_JSON */
export function correlateTables(folder: string | undefined, json: boolean): void {
  const results = requestedTables(folder).map((found) => ({
    found,
    correlations: tableCorrelations(found.folder, found.card),
  }));
  if (json) {
    const tables = results.map(({ found, correlations }) => {
      const { id, version } = found.card;
      return { folder: found.folder, id, version, correlations };
    });
    printJson({ tables });
    return;
  }
  for (const { found, correlations } of results) {
    print(`${tableHeading(found)}\n${EXPLANATION}\n\n${describe(correlations)}\n`);
  }
}
