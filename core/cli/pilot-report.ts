import type { Recipe } from "../../schemas/generated/recipe.ts";
import { type RecipeReliability, recipeReliability } from "../statistics/recipe-reliability.ts";
import { fingerprintParts } from "../training/build/part-inputs.ts";
import { readPart } from "../training/build/trial-store.ts";
import { networkMacs } from "../training/network-macs.ts";
import { networkShape, type Split, type SplitImages, trainedEdges } from "../training/trial.ts";
import { columns } from "./terminal.ts";

/** One candidate recipe of a pilot. */
export interface PilotRow extends RecipeReliability {
  readonly recipe: string;
  /** Mean cost of a training in 10^9 multiply-accumulates, an epoch's images counted three times. */
  readonly gigaMacsPerTraining: number;
}

/** What a pilot has trained. */
export interface PilotTrainings {
  readonly candidates: readonly Recipe[];
  /** Representatives of the trained classes. */
  readonly classes: readonly number[];
  readonly seeds: readonly number[];
  /** Work folder of the trainings. */
  readonly work: string;
  readonly images: SplitImages;
}

/** Forward passes of a training, counting a trained image three times. */
function passesOf(recipe: Recipe, images: SplitImages): number {
  const trained = recipe.epochs * (recipe.imagesPerEpoch ?? images.train.count);
  const subset = (split: Split) => Math.min(recipe.evaluation[split] ?? images[split].count, images[split].count);
  const perEpoch = subset("train") + subset("valid") + subset("test");
  return 3 * trained + (recipe.epochs - 1) * perEpoch + subset("train") + images.valid.count + images.test.count;
}

/**
 * How well each candidate tells cells apart by its test accuracy after the last epoch; candidates that are not complete are
 * left out.
 * @param reference values of the same classes on another benchmark, shape [classes]
 */
export function pilotRows(
  { candidates, classes, seeds, work, images }: PilotTrainings,
  reference: readonly number[] | null,
): PilotRow[] {
  return candidates.flatMap((recipe) => {
    const parts = fingerprintParts(
      seeds.map((seed) => ({ recipe, seed })),
      images,
    );
    const bySeed = parts.map((part) => {
      const trials = readPart(work, part, () => {});
      return new Map(
        trials.map(({ architecture, result }) => [architecture, result.curves.test.accuracy.at(-1) as number]),
      );
    });
    if (bySeed.some((trials) => classes.some((architecture) => !trials.has(architecture)))) return [];
    const accuracies = classes.map((architecture) => bySeed.map((trials) => trials.get(architecture) as number));
    const shape = networkShape(recipe, images.train);
    const macs = classes.reduce((sum, architecture) => sum + networkMacs(shape, trainedEdges(architecture)), 0);
    const gigaMacsPerTraining = (passesOf(recipe, images) * macs) / classes.length / 1e9;
    return [{ recipe: recipe.id, gigaMacsPerTraining, ...recipeReliability(accuracies, reference) }];
  });
}

/** The rows as text. */
export function formatPilot(rows: readonly PilotRow[]): string {
  const number = (value: number | null, digits = 2) => (value === null ? "" : value.toFixed(digits));
  const header = ["recipe", "GMAC", "mean %", "lowest", "highest", "sd cells", "sd seeds"];
  return columns([
    [...header, "tau halves", "tau top 10 %", "tau CIFAR-10"],
    ...rows.map((row) => [
      row.recipe,
      number(row.gigaMacsPerTraining),
      number(row.meanAccuracy),
      number(row.lowest),
      number(row.highest),
      number(row.deviationBetweenCells),
      number(row.deviationBetweenSeeds),
      number(row.tauBetweenHalves, 3),
      number(row.tauAmongTop, 3),
      number(row.tauWithReference, 3),
    ]),
  ]);
}
