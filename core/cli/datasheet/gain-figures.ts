import { type DrawnItem, expectedValueOfBest } from "../../statistics/expected-best.ts";
import type { MeasuredRecipe } from "./measured-recipe.ts";
import type { TrainedValues } from "./trained-values.ts";

/** Numbers of cells that a random search draws; null: every cell. */
export const DRAWS = [1, 10, 100, 1000, null] as const;

/** What a random search is worth if it picks its answer by some score. */
export interface GainRow {
  /** What the search sees, in words. */
  readonly score: string;
  /** Expected mean test accuracy of the main recipe, in percent, in the order of {@link DRAWS}. */
  readonly accuracies: readonly number[];
}

/** What a search can gain. */
export interface GainFigures {
  /** Highest mean test accuracy in percent: what regret is measured from. */
  readonly optimum: number;
  /** Expected mean test accuracy in percent of a cell drawn at random. */
  readonly randomCell: number;
  /** The same of a connected cell; null if none is. */
  readonly randomConnectedCell: number | null;
  readonly rows: readonly GainRow[];
}

function rowOf(score: string, items: readonly DrawnItem[]): GainRow {
  return { score, accuracies: DRAWS.map((draws) => expectedValueOfBest(items, draws ?? Number.POSITIVE_INFINITY)) };
}

/**
 * Expected test accuracy of the pick of a random search that draws cells of the table uniformly with replacement, by exact
 * order statistics: a class is as likely as it has cells. Where a single training is seen, each draw has one of the seeds
 * with equal chance.
 */
export function gainFigures({ main, others, sizes, isConnected }: TrainedValues): GainFigures {
  const values = main.means("test");
  const items = (scores: readonly Float64Array[]): DrawnItem[] =>
    scores.flatMap((own) =>
      Array.from(own, (score, at) => ({ score, value: values[at] as number, weight: sizes[at] as number })),
    );
  const seen = (own: MeasuredRecipe) => {
    const name = `${own.recipe.id}: validation`;
    const several = own.seeds.length > 1;
    return [
      ...(several ? [rowOf(`${name}, mean of ${own.seeds.length} seeds`, items([own.means("valid")]))] : []),
      rowOf(`${name}, one seed at random`, items(own.accuracies("valid"))),
    ];
  };
  const ideal = items([values]);
  const connected = ideal.filter((_, at) => isConnected[at]);
  return {
    optimum: Math.max(...values),
    randomCell: expectedValueOfBest(ideal, 1),
    randomConnectedCell: connected.length === 0 ? null : expectedValueOfBest(connected, 1),
    rows: [rowOf(`${main.recipe.id}: test itself, which no search may see`, ideal), ...[main, ...others].flatMap(seen)],
  };
}
