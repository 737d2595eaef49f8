import { topPositions } from "../../statistics/rank-correlation.ts";
import type { MeasuredRecipe } from "./measured-recipe.ts";
import type { TrainedValues } from "./trained-values.ts";

/** The part of the classes that is called the top. */
export const TOP_SHARE = 0.1;

/** Which classes a figure is over. */
export const SELECTIONS = ["all", "connected", "top"] as const;

/** One of {@link SELECTIONS}. */
export type Selection = (typeof SELECTIONS)[number];

/** What the selections are called in tables. */
export const SELECTION_NAMES: Readonly<Record<Selection, string>> = {
  all: "all classes",
  connected: "connected",
  top: "top 10 %",
};

/** Positions of the best tenth, at least one. */
function top(values: ArrayLike<number>): number[] {
  return topPositions(values, Math.ceil(values.length * TOP_SHARE));
}

/** The values at some positions. */
export function pick(values: ArrayLike<number>, positions: readonly number[]): number[] {
  return positions.map((at) => values[at] as number);
}

/** Positions of the classes of each selection; the top is the tenth with the highest mean test accuracy of the main recipe. */
export function selectedPositions({ classes, isConnected, main }: TrainedValues): Record<Selection, number[]> {
  const all = Array.from(classes.keys());
  return { all, connected: all.filter((at) => isConnected[at]), top: top(main.means("test")) };
}

/**
 * Positions of the top tenth, chosen by trainings that a figure does not use: a class that is chosen for its own lucky
 * trainings makes them look alike. Of the main recipe the other seeds' test accuracies choose, or those of another recipe
 * where every seed is used; of another recipe the main recipe's.
 * @param used positions of the seeds that the figure uses
 * @returns null if every training of the table is used
 */
export function independentTop(values: TrainedValues, own: MeasuredRecipe, used: readonly number[]): number[] | null {
  const { main, others } = values;
  if (own !== main) return top(main.means("test"));
  const unused = Array.from(main.seeds.keys()).filter((seed) => !used.includes(seed));
  if (unused.length > 0) return top(main.means("test", main.recipe.epochs, unused));
  const other = others[0];
  return other === undefined ? null : top(other.means("test"));
}
