import { noiseShare, type VarianceComponents, varianceComponents } from "../../statistics/variance-components.ts";
import type { MeasuredRecipe } from "./measured-recipe.ts";
import { independentTop, SELECTIONS, type Selection, selectedPositions } from "./selections.ts";
import type { TrainedValues } from "./trained-values.ts";

/** How much of the differences between classes is seed noise: one recipe and split after the last epoch. */
export interface SeedNoise {
  readonly recipe: string;
  readonly split: "valid" | "test";
  readonly selection: Selection;
  readonly classes: number;
  readonly seeds: number;
  /** Standard deviation between trainings of a class that differ in their seed, pooled and unbiased, in points. */
  readonly seedDeviation: number;
  /** Standard error of a class's mean over the recipe's seeds, in points. */
  readonly standardError: number;
  /** Standard deviation between classes without the noise, in points. */
  readonly classDeviation: number;
  /** Share of the variance of single trainings that is seed noise; null if nothing varies. */
  readonly noiseOfSingle: number | null;
  /** The same of the means over the recipe's seeds. */
  readonly noiseOfMean: number | null;
}

/** Mean of at least one number. */
export const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, own) => sum + own, 0) / numbers.length;

type Components = Pick<VarianceComponents, "within" | "between">;

/** Variance components over some classes and seeds (positions), or null if there are too few. */
function componentsOf(accuracies: readonly Float64Array[], positions: readonly number[], seeds: readonly number[]) {
  if (positions.length < 2 || seeds.length < 2) return null;
  return varianceComponents(positions.map((at) => seeds.map((seed) => accuracies[seed]?.[at] as number)));
}

/**
 * Components over the top tenth, chosen by trainings that are not in the figure: with three seeds of the main recipe or
 * more each seed chooses in turn for the others, and the components are averaged.
 */
function topComponents(values: TrainedValues, own: MeasuredRecipe, accuracies: readonly Float64Array[]) {
  const seeds = Array.from(own.seeds.keys());
  const rounds =
    own === values.main && seeds.length > 2 ? seeds.map((left) => seeds.filter((seed) => seed !== left)) : [seeds];
  const found = rounds.flatMap((used) => {
    const positions = independentTop(values, own, used);
    const components = positions === null ? null : componentsOf(accuracies, positions, used);
    return components === null ? [] : [components];
  });
  if (found.length === 0) return null;
  return {
    groups: found[0]?.groups ?? 0,
    within: average(found.map(({ within }) => within)),
    between: average(found.map(({ between }) => between)),
  };
}

/**
 * The noise of a recipe and split over each selection; none where a selection has one class, the recipe one seed, or no
 * training is left to choose the top.
 */
export function seedNoise(values: TrainedValues, own: MeasuredRecipe, split: "valid" | "test"): SeedNoise[] {
  const accuracies = own.accuracies(split);
  const positions = selectedPositions(values);
  const seeds = own.seeds.length;
  return SELECTIONS.flatMap((selection): SeedNoise[] => {
    const components =
      selection === "top"
        ? topComponents(values, own, accuracies)
        : componentsOf(accuracies, positions[selection], Array.from(own.seeds.keys()));
    if (components === null) return [];
    const { groups: classes, within, between } = components;
    return [{ recipe: own.recipe.id, split, selection, classes, seeds, ...shares({ within, between }, seeds) }];
  });
}

function shares(components: Components, seeds: number) {
  return {
    seedDeviation: Math.sqrt(components.within),
    standardError: Math.sqrt(components.within / seeds),
    classDeviation: Math.sqrt(Math.max(0, components.between)),
    noiseOfSingle: noiseShare(components, 1),
    noiseOfMean: noiseShare(components, seeds),
  };
}
