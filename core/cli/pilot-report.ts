import { mean } from "simple-statistics";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { kendallTauB } from "../statistics/rank-correlation.ts";
import { type RecipeReliability, recipeReliability } from "../statistics/recipe-reliability.ts";
import { networkMacs } from "../training/network-macs.ts";
import { trainingPasses } from "../training/training-passes.ts";
import { networkShape, trainedEdges } from "../training/trial.ts";
import {
  type BestClass,
  bestClass,
  candidateAccuracies,
  longerAccuracy,
  type PilotTrainings,
} from "./pilot-trainings.ts";
import { columns } from "./terminal.ts";

/** One candidate recipe of a pilot. */
export interface PilotRow extends RecipeReliability {
  readonly recipe: string;
  /** Mean cost of a training in 10^9 multiply-accumulates, an epoch's images counted three times. */
  readonly gigaMacsPerTraining: number;
  readonly best: BestClass;
  /** Mean test accuracy in percent of the best class trained five times as long; null if it was not trained. */
  readonly bestTrainedLonger: number | null;
  /** Kendall's tau-b of the classes' means with those under each other candidate, by its id. */
  readonly tauWithCandidates: Readonly<Record<string, number | null>>;
}

function gigaMacsPerTraining(recipe: Recipe, { images, classes }: PilotTrainings): number {
  const shape = networkShape(recipe, images.train);
  const macs = mean(classes.map((architecture) => networkMacs(shape, trainedEdges(architecture))));
  return (trainingPasses(recipe, images) * macs) / 1e9;
}

/**
 * How well each candidate tells cells apart by its test accuracy after the last epoch; candidates that are not complete are
 * left out.
 * @param reference values of the same classes on another benchmark, shape [classes]
 */
export function pilotRows(trainings: PilotTrainings, reference: readonly number[] | null): PilotRow[] {
  const complete = trainings.candidates.flatMap((recipe) => {
    const accuracies = candidateAccuracies(trainings, recipe);
    return accuracies === null ? [] : [{ recipe, accuracies, means: accuracies.map((own) => mean(own)) }];
  });
  return complete.map(({ recipe, accuracies, means }) => {
    const best = bestClass(trainings.classes, accuracies);
    const others = complete.filter((other) => other.recipe !== recipe);
    return {
      recipe: recipe.id,
      gigaMacsPerTraining: gigaMacsPerTraining(recipe, trainings),
      ...recipeReliability(accuracies, reference),
      best,
      bestTrainedLonger: longerAccuracy(trainings, recipe, best.architecture),
      tauWithCandidates: Object.fromEntries(others.map((other) => [other.recipe.id, kendallTauB(means, other.means)])),
    };
  });
}

/** A number with fixed digits, or nothing for null. */
function shown(value: number | null, digits = 2): string {
  return value === null ? "" : value.toFixed(digits);
}

/** The rows as cells, the header first: what the text and the document show. */
export function pilotCells(rows: readonly PilotRow[]): string[][] {
  const header = ["recipe", "GMAC", "mean %", "lowest", "highest", "sd cells", "sd seeds"];
  return [
    [...header, "tau halves", "tau top 10 %", "tau CIFAR-10", "best 5x longer"],
    ...rows.map((row) => [
      row.recipe,
      shown(row.gigaMacsPerTraining),
      shown(row.meanAccuracy),
      shown(row.lowest),
      shown(row.highest),
      shown(row.deviationBetweenCells),
      shown(row.deviationBetweenSeeds),
      shown(row.tauBetweenHalves, 3),
      shown(row.tauAmongTop, 3),
      shown(row.tauWithReference, 3),
      shown(row.bestTrainedLonger),
    ]),
  ];
}

/** The rows as text. */
export function formatPilot(rows: readonly PilotRow[]): string {
  return columns(pilotCells(rows));
}
