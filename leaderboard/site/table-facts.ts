import { kendallTauB } from "../../core/statistics/rank-correlation.ts";
import { keysOf } from "../../core/tables/optimum-check.ts";
import type { TableCard, TableRecipe } from "../../schemas/generated/table-card.ts";
import type { TableFolder } from "../generator/computed-rows.ts";
import { ifRecorded } from "./if-recorded.ts";

const SPLITS = ["valid", "test"] as const;

/** The mean accuracies of a table's architectures on one split at the last epoch that is recorded. */
export interface TableColumn {
  readonly dataset: string;
  readonly recipe: string;
  readonly split: (typeof SPLITS)[number];
  /** From 1. */
  readonly epoch: number;
  /** Whether its recipe is the dataset's longest. */
  readonly isLongest: boolean;
  /** In percent, in the order of {@link TableFacts.architectures}; NaN where not recorded. */
  readonly values: Float64Array;
}

/** What pages and charts show of a table besides its card. */
export interface TableFacts {
  /** Official indices that the table has values of, ascending: all architectures, or the representatives of their classes. */
  readonly architectures: readonly number[];
  /** Whether each stands for its whole class. */
  readonly isByClass: boolean;
  readonly columns: readonly TableColumn[];
}

/** Which ranking agrees how well with which other. */
export interface ColumnCorrelation {
  /** Positions in `columns`, the first below the second. */
  readonly first: number;
  readonly second: number;
  /** Number of architectures that have both values. */
  readonly n: number;
  /** Kendall's tau-b, -1 to 1; null where a column is constant or n < 2. */
  readonly kendall: number | null;
}

/** `cifar100 200-epochs test`, as charts and pages call a column. */
export function columnTitle({ dataset, recipe, split }: TableColumn): string {
  return `${dataset} ${recipe} ${split}`;
}

/** What is read of a table here. */
type FactsSource = Pick<TableFolder, "card" | "reported">;

function columnsOf({ card, reported }: FactsSource, dataset: string, recipe: TableRecipe, isLongest: boolean) {
  const keys = keysOf(card);
  return SPLITS.flatMap((split): TableColumn[] => {
    const recorded = recipe.columns.find((column) => column.name === `${split}Accuracy`);
    if (recorded === undefined || recorded.epochs === "constant") return [];
    const column = { dataset, recipe: recipe.id, split, epoch: recorded.epochs.at(-1) as number };
    const values = Float64Array.from(keys, (key) => ifRecorded(() => reported(key, column)) ?? Number.NaN);
    return [{ ...column, isLongest, values }];
  });
}

const longestOf = ({ recipes }: TableCard["datasets"][number]) =>
  recipes.reduce((longest, recipe) => (recipe.epochs > longest.epochs ? recipe : longest), recipes[0] as TableRecipe);

/**
 * Reads what a table's charts need: mean accuracies of all architectures.
 * @throws NAS_TABLE_CORRUPT
 */
export function tableFacts(table: FactsSource): TableFacts {
  const { card } = table;
  const columns = card.datasets.flatMap((dataset) =>
    dataset.recipes.flatMap((recipe) => columnsOf(table, dataset.id, recipe, recipe === longestOf(dataset))),
  );
  return { architectures: keysOf(card), isByClass: card.keyedBy === "class", columns };
}

/**
 * Correlations of each two of the given columns, in the order of pairs (0, 1), (0, 2), …
 * @param columns of one table
 */
export function columnCorrelations(columns: readonly TableColumn[]): ColumnCorrelation[] {
  return columns.flatMap((one, first) =>
    columns.slice(first + 1).map((other, at) => {
      const both = [...one.values.keys()].filter(
        (key) => !Number.isNaN(one.values[key]) && !Number.isNaN(other.values[key]),
      );
      const pick = (values: Float64Array) => Float64Array.from(both, (key) => values[key] as number);
      return {
        first,
        second: first + 1 + at,
        n: both.length,
        kendall: kendallTauB(pick(one.values), pick(other.values)),
      };
    }),
  );
}
