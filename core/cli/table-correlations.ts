import type { TableCard } from "../../schemas/generated/table-card.ts";
import { type RankCorrelation, rankCorrelation, topPositions } from "../statistics/rank-correlation.ts";
import { itemOfEpoch, METRIC_VIEWS, type MetricColumn, valueAt } from "../tables/column.ts";
import { keysOf } from "../tables/optimum-check.ts";
import { TrialParts } from "../tables/trial-parts.ts";

/** The splits that are correlated. */
const SPLITS = ["valid", "test", "valtest"] as const;
/** The part of the items, by the first variable, that the second correlation is over. */
const TOP_SHARE = 0.1;

/** What a variable is: an accuracy at the last epoch that is recorded of it. */
export interface Variable {
  readonly dataset: string;
  readonly recipe: string;
  readonly split: (typeof SPLITS)[number];
  readonly epoch: number;
  /** Seed of the single trials; null: the mean over trials. */
  readonly seed: number | null;
}

/** Two variables and how their rankings agree. */
export interface Correlation {
  readonly between: "datasets" | "recipes" | "seeds";
  readonly first: Variable;
  readonly second: Variable;
  /** Over all items for which both are recorded. */
  readonly all: RankCorrelation;
  /** Over the top 10 % of these by the first variable. */
  readonly top: RankCorrelation;
}

/** A variable with its values: one an architecture (or class) of the table, NaN where not recorded. */
interface MeasuredVariable extends Variable {
  readonly values: Float64Array;
}

/** The variables of one (dataset, recipe): for each split the mean over trials, then each seed's single trials. */
function measure(folder: string, card: TableCard, dataset: string, recipe: string): MeasuredVariable[] {
  const entry = card.datasets.find(({ id }) => id === dataset)?.recipes.find(({ id }) => id === recipe);
  const keys = keysOf(card);
  const views = new Map<string, TrialParts>();
  return SPLITS.flatMap((split) => {
    const name = `${split}Accuracy` as const;
    const recorded = entry?.columns.find((column) => column.name === name);
    if (entry === undefined || recorded === undefined || recorded.epochs === "constant") return [];
    const view = METRIC_VIEWS[name];
    const parts = views.get(view) ?? new TrialParts(folder, card, dataset, recipe, view);
    views.set(view, parts);
    const epoch = recorded.epochs.at(-1) as number;
    const item = itemOfEpoch({ epochs: recorded.epochs }, epoch);
    const seeds = new Map(entry.seeds.map((seed) => [seed, new Float64Array(keys.length).fill(Number.NaN)]));
    const means = new Float64Array(keys.length);
    keys.forEach((key, at) => {
      const lookup = parts.of(key);
      means[at] = lookup.mean(key, name, epoch)?.value ?? Number.NaN;
      for (const row of lookup.singleTrials(key, name, epoch)) {
        const ofSeed = seeds.get(lookup.table.rows.trialSeed[row] ?? -1);
        if (ofSeed !== undefined) ofSeed[at] = valueAt(lookup.column(name) as MetricColumn, row, item) as number;
      }
    });
    const variable = { dataset, recipe, split, epoch };
    return [
      { ...variable, seed: null, values: means },
      ...[...seeds]
        .filter(([, values]) => values.some((value) => !Number.isNaN(value)))
        .map(([seed, values]) => ({ ...variable, seed, values })),
    ];
  });
}

function correlate(
  between: Correlation["between"],
  first: MeasuredVariable,
  second: MeasuredVariable,
): Correlation | null {
  const both = Array.from(first.values.keys()).filter(
    (at) => !Number.isNaN(first.values[at]) && !Number.isNaN(second.values[at]),
  );
  if (both.length < 2) return null;
  const x = Float64Array.from(both, (at) => first.values[at] as number);
  const y = Float64Array.from(both, (at) => second.values[at] as number);
  const top = topPositions(x, Math.ceil(both.length * TOP_SHARE));
  const pick = (values: Float64Array) => Float64Array.from(top, (at) => values[at] as number);
  const { values: _, ...one } = first;
  const { values: __, ...other } = second;
  return {
    between,
    first: one,
    second: other,
    all: rankCorrelation(x, y),
    top: rankCorrelation(pick(x), pick(y)),
  };
}

/** How two variables are compared, or null if they aren't. */
function kindOf(a: Variable, b: Variable): Correlation["between"] | null {
  if (a.split !== b.split) return null;
  if (a.seed !== null || b.seed !== null) {
    const seeds = a.seed !== null && b.seed !== null && a.dataset === b.dataset && a.recipe === b.recipe;
    return seeds ? "seeds" : null;
  }
  if (a.dataset === b.dataset) return "recipes";
  return a.recipe === b.recipe ? "datasets" : null;
}

/**
 * Rank correlations of a table's accuracies between datasets (same recipe and split), between recipes (same dataset and
 * split) and between the single trials of two seeds. Reads test values.
 * @throws NAS_TABLE_CORRUPT
 */
export function tableCorrelations(folder: string, card: TableCard): Correlation[] {
  const variables = card.datasets.flatMap((dataset) =>
    dataset.recipes.flatMap((recipe) => measure(folder, card, dataset.id, recipe.id)),
  );
  const correlations = variables.flatMap((first, at) =>
    variables.slice(at + 1).flatMap((second) => {
      const kind = kindOf(first, second);
      return kind === null ? [] : (correlate(kind, first, second) ?? []);
    }),
  );
  return (["datasets", "recipes", "seeds"] as const).flatMap((kind) =>
    correlations.filter(({ between }) => between === kind),
  );
}
