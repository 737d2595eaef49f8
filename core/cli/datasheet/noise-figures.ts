import { average, type SeedNoise, seedNoise } from "./seed-noise.ts";
import { pick, type Selection, selectedPositions } from "./selections.ts";
import type { TrainedValues } from "./trained-values.ts";

/** What can't be told from the best class on the main recipe's test images. */
export interface NearBest {
  /** Highest mean test accuracy in percent. */
  readonly best: number;
  /** Standard error of a mean in points, pooled over this selection. */
  readonly standardError: number;
  readonly selection: Selection;
  /** Classes, the best included, whose mean is at most so much below the best's. */
  readonly withinOneError: number;
  readonly withinTwoErrors: number;
  /** Two standard errors of the difference of two means, in points. */
  readonly twoErrorsOfDifference: number;
  readonly withinTwoErrorsOfDifference: number;
  /**
   * Mean accuracy in percent, on the seed that was left out, of the class that is best by the mean of the others; averaged
   * over the seeds.
   */
  readonly bestOnLeftOutSeed: number;
}

/** A seed's mean accuracy in percent over the connected classes, or over all where none is. */
export interface SeedMean {
  readonly recipe: string;
  readonly seed: number;
  readonly accuracy: number;
}

/** The figures on noise. */
export interface NoiseFigures {
  /** Of recipes with two seeds or more. */
  readonly seeds: readonly SeedNoise[];
  /** Test accuracy. */
  readonly seedMeans: readonly SeedMean[];
  /** Null if the main recipe has a single seed or the table a single class. */
  readonly nearBest: NearBest | null;
  /** Standard error in points that comes from the number of test images, at the highest and at the median mean accuracy. */
  readonly sampling: { readonly images: number; readonly atBest: number; readonly atMedian: number };
}

/** Position of the highest value, the first of equals. */
function highestPosition(values: ArrayLike<number>): number {
  return Array.from(values).reduce((best, value, at, all) => (value > (all[best] as number) ? at : best), 0);
}

function nearBest({ main }: TrainedValues, noise: readonly SeedNoise[]): NearBest | null {
  // A tenth of a small table may be one class; then all of them say how large the noise is.
  const own = noise.find(({ selection }) => selection === "top") ?? noise[0];
  if (own === undefined) return null;
  const { standardError, selection } = own;
  const accuracies = main.accuracies("test");
  const seeds = Array.from(main.seeds.keys());
  const means = main.means("test");
  const best = Math.max(...means);
  const within = (distance: number) => means.filter((own) => best - own <= distance).length;
  const twoErrorsOfDifference = 2 * Math.sqrt(2) * standardError;
  const leftOut = seeds.map((left) => {
    const others = seeds.filter((seed) => seed !== left);
    return accuracies[left]?.[highestPosition(main.means("test", main.recipe.epochs, others))] as number;
  });
  return {
    best,
    standardError,
    selection,
    withinOneError: within(standardError),
    withinTwoErrors: within(2 * standardError),
    twoErrorsOfDifference,
    withinTwoErrorsOfDifference: within(twoErrorsOfDifference),
    bestOnLeftOutSeed: average(leftOut),
  };
}

/** Standard error in points of an accuracy in percent that was measured on so many images. */
function samplingError(accuracy: number, images: number): number {
  return Math.sqrt((accuracy * (100 - accuracy)) / images);
}

/** How much of the table is noise. */
export function noiseFigures(values: TrainedValues): NoiseFigures {
  const { recipes, main, images } = values;
  const { all, connected } = selectedPositions(values);
  const seeds = recipes.flatMap((own) =>
    (["test", "valid"] as const).flatMap((split) => seedNoise(values, own, split)),
  );
  const means = [...main.means("test")].sort((a, b) => a - b);
  const ofMain = seeds.filter(({ recipe, split }) => recipe === main.recipe.id && split === "test");
  return {
    seeds,
    seedMeans: recipes.flatMap((own) =>
      own.accuracies("test").map((accuracies, at) => ({
        recipe: own.recipe.id,
        seed: own.seeds[at] as number,
        accuracy: average(pick(accuracies, connected.length === 0 ? all : connected)),
      })),
    ),
    nearBest: nearBest(values, ofMain),
    sampling: {
      images: images.test,
      atBest: samplingError(means.at(-1) as number, images.test),
      atMedian: samplingError(means[Math.floor(means.length / 2)] as number, images.test),
    },
  };
}
