import type { TableCard, TableRecipe } from "../../schemas/generated/table-card.ts";
import type { Architecture } from "../space/codec.ts";
import { isResult, itemOfEpoch, type MetricColumn, type MetricName, valueAt } from "../tables/column.ts";
import type { SearchView } from "../tables/search-view.ts";
import { openTestParts } from "../tables/test-view.ts";
import type { TrialLookup } from "../tables/trial-lookup.ts";

const SIGNIFICANT_DIGITS = 7;
const MS_PER_SECOND = 1000;

/** One metric of one architecture at the last epoch that the table records of it. */
export interface RecordedMetric {
  readonly metric: MetricName;
  /** From 1. */
  readonly epoch: number;
  /** Mean over trials in percent or nats; null: not recorded for this architecture. */
  readonly mean: number | null;
  /** trials: the mean of `singleTrials`; aggregate: the table's own mean. */
  readonly from: "trials" | "aggregate" | null;
  /** Number of trials in the mean. */
  readonly trials: number;
  /** Seeds that an aggregate is over; null otherwise. */
  readonly aggregatedSeeds: readonly number[] | null;
  /** Single trials, seeds ascending; a null seed is unknown. */
  readonly singleTrials: readonly { readonly seed: number | null; readonly value: number }[];
}

/** What a table records of one architecture under one (dataset, recipe). */
export interface RecordedRecipe {
  readonly dataset: string;
  readonly recipe: string;
  /** Epochs of the whole schedule. */
  readonly epochs: number;
  /** Training seconds of one epoch, the mean over trials and epochs; null: not recorded. */
  readonly trainSecondsPerEpoch: number | null;
  readonly metrics: readonly RecordedMetric[];
}

/** A table's float32 as the decimal number that was stored: the digits that float32 does not carry are dropped. */
export function withoutNoise(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

function metricOf(lookup: TrialLookup, column: MetricColumn, architecture: Architecture): RecordedMetric {
  const epoch = column.epochs === "constant" ? 1 : (column.epochs.at(-1) as number);
  const item = itemOfEpoch(column, epoch);
  const mean = lookup.mean(architecture, column.name, epoch);
  const { trialSeed, aggregatedSeeds } = lookup.table.rows;
  const [start, end] = lookup.rowsOf(architecture);
  let seeds: readonly number[] | null = null;
  for (let row = end - 1; row >= start && mean?.from === "aggregate"; row--) {
    if (valueAt(column, row, item) !== null) seeds = aggregatedSeeds[row] ?? seeds;
  }
  return {
    metric: column.name,
    epoch,
    mean: mean === null ? null : withoutNoise(mean.value),
    from: mean?.from ?? null,
    trials: mean?.trials ?? 0,
    aggregatedSeeds: seeds,
    singleTrials: lookup.singleTrials(architecture, column.name, epoch).map((row) => ({
      seed: trialSeed[row] ?? null,
      value: withoutNoise(valueAt(column, row, item) as number),
    })),
  };
}

function trainSecondsOf(lookup: TrialLookup | null, architecture: Architecture): number | null {
  const column = lookup?.column("trainMs");
  if (lookup === null || column === undefined) return null;
  const epochs = column.epochs === "constant" ? [1] : column.epochs;
  const means = epochs.map((epoch) => lookup.mean(architecture, "trainMs", epoch)?.value ?? null);
  if (means.includes(null)) return null;
  return withoutNoise(means.reduce<number>((sum, mean) => sum + (mean as number), 0) / means.length / MS_PER_SECOND);
}

function recipeOf(view: SearchView, dataset: string, recipe: TableRecipe, architecture: Architecture): RecordedRecipe {
  const { folder, card } = view;
  const has = (name: "search" | "test") => recipe.files.some((file) => file.view === name);
  const search = has("search") ? view.trialsOf(dataset, recipe.id, architecture) : null;
  const test = has("test") ? openTestParts(folder, card, dataset, recipe.id).of(architecture) : null;
  const metrics = [search, test].flatMap((lookup) =>
    lookup === null
      ? []
      : lookup.table.columns
          .filter((column) => isResult(column.name))
          .map((column) => metricOf(lookup, column, architecture)),
  );
  const trainSecondsPerEpoch = trainSecondsOf(search, architecture);
  return { dataset, recipe: recipe.id, epochs: recipe.epochs, trainSecondsPerEpoch, metrics };
}

/**
 * Everything that a table records of an architecture, by dataset and recipe in the card's order. Reads test values.
 * @throws NAS_TABLE_CORRUPT, NAS_ARCHITECTURE_INDEX
 */
export function recordedValues(view: SearchView, architecture: Architecture): RecordedRecipe[] {
  const card: TableCard = view.card;
  return card.datasets.flatMap((dataset) =>
    dataset.recipes.map((recipe) => recipeOf(view, dataset.id, recipe, architecture)),
  );
}
