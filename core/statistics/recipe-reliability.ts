import { mean, standardDeviation } from "simple-statistics";
import { kendallTauB, topPositions } from "./rank-correlation.ts";

/** Most seeds that a reliability is measured over: there are 6,435 ways to halve so many. */
export const MOST_SEEDS = 16;

/** How well a recipe tells cells apart. */
export interface RecipeReliability {
  readonly cells: number;
  readonly seeds: number;
  /** Mean and range of the cells' mean accuracies in percent. */
  readonly meanAccuracy: number;
  readonly lowest: number;
  readonly highest: number;
  /** Standard deviation between the cells' means, in percentage points. */
  readonly deviationBetweenCells: number;
  /** Standard deviation between the seeds of a cell, pooled over cells, in percentage points. */
  readonly deviationBetweenSeeds: number;
  /** Kendall's tau-b between the means of two disjoint halves of the seeds, averaged over all such splits. */
  readonly tauBetweenHalves: number;
  /** The same among the tenth of the cells that is best in the first half. */
  readonly tauAmongTop: number;
  /** Kendall's tau-b of the cells' means with a reference, or null without one. */
  readonly tauWithReference: number | null;
}

/** All ways to split seeds 0 to n - 1 into two halves of n / 2 (n even), each once. */
function halvesOf(n: number): { first: number[]; second: number[] }[] {
  const halves: { first: number[]; second: number[] }[] = [];
  // Seed 0 stays in the first half, so that no split comes twice.
  for (let bits = 0; bits < 1 << (n - 1); bits++) {
    const isFirst = (seed: number) => seed === 0 || ((bits >> (seed - 1)) & 1) === 1;
    const seeds = Array.from({ length: n }, (_, seed) => seed);
    const first = seeds.filter(isFirst);
    if (first.length === n / 2) halves.push({ first, second: seeds.filter((seed) => !isFirst(seed)) });
  }
  return halves;
}

/**
 * Measures a recipe on trained cells.
 * @param accuracies percent, shape [cells][seeds], at least two cells and an even number of 2 to 16 seeds
 * @param reference values of the same cells on another benchmark, shape [cells]
 * @throws RangeError for other shapes
 */
export function recipeReliability(
  accuracies: readonly (readonly number[])[],
  reference: readonly number[] | null,
): RecipeReliability {
  const cells = accuracies.length;
  const seeds = accuracies[0]?.length ?? 0;
  if (cells < 2 || seeds < 2 || seeds > MOST_SEEDS || seeds % 2 !== 0) {
    throw new RangeError(`${cells} cells and ${seeds} seeds: at least 2 cells and an even number of 2 to 16 seeds`);
  }
  if (accuracies.some((own) => own.length !== seeds)) throw new RangeError("the cells have different numbers of seeds");
  const means = accuracies.map((own) => mean([...own]));
  const within = accuracies.map((own) => {
    const deviation = standardDeviation([...own]);
    return (deviation * deviation * seeds) / (seeds - 1);
  });
  const meansOver = (chosen: readonly number[]) =>
    accuracies.map((own) => mean(chosen.map((seed) => own[seed] as number)));
  const taus = halvesOf(seeds).map(({ first, second }) => {
    const [a, b] = [meansOver(first), meansOver(second)];
    const top = topPositions(a, Math.max(2, Math.round(cells / 10)));
    const pick = (values: readonly number[]) => top.map((at) => values[at] as number);
    return { all: kendallTauB(a, b) ?? 0, top: kendallTauB(pick(a), pick(b)) ?? 0 };
  });
  return {
    cells,
    seeds,
    meanAccuracy: mean(means),
    lowest: Math.min(...means),
    highest: Math.max(...means),
    deviationBetweenCells: standardDeviation(means),
    deviationBetweenSeeds: Math.sqrt(mean(within)),
    tauBetweenHalves: mean(taus.map(({ all }) => all)),
    tauAmongTop: mean(taus.map(({ top }) => top)),
    tauWithReference: reference === null ? null : kendallTauB(means, reference),
  };
}
