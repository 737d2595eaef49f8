import { mean } from "simple-statistics";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { BuildPart } from "../training/build/build-plan.ts";
import { fingerprintParts } from "../training/build/part-inputs.ts";
import { readPart } from "../training/build/trial-store.ts";
import type { SplitImages } from "../training/trial.ts";

/** How many times as long the best class is trained to see how far it is from converged. */
export const LONGER = 5;

/** What a pilot has trained. */
export interface PilotTrainings {
  readonly candidates: readonly Recipe[];
  /** Representatives of the trained classes, ascending. */
  readonly classes: readonly number[];
  readonly seeds: readonly number[];
  /** Work folder of the trainings. */
  readonly work: string;
  readonly images: SplitImages;
}

/** The class with the highest mean test accuracy under a recipe, the first of equals. */
export interface BestClass {
  readonly architecture: number;
  /** Percent, mean over the seeds. */
  readonly accuracy: number;
}

/** Test accuracies in percent after the last epoch, shape [classes][seeds]; null while a training is missing. */
function testAccuracies(trainings: PilotTrainings, recipe: Recipe, classes: readonly number[]): number[][] | null {
  const { seeds, work, images } = trainings;
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
  const accuracies = classes.map((architecture) => bySeed.flatMap((trials) => trials.get(architecture) ?? []));
  return accuracies.every((own) => own.length === seeds.length) ? accuracies : null;
}

/** A candidate's test accuracies in percent, shape [classes][seeds]; null while it is not complete. */
export function candidateAccuracies(trainings: PilotTrainings, recipe: Recipe): number[][] | null {
  return testAccuracies(trainings, recipe, trainings.classes);
}

/** The best class of accuracies of shape [classes][seeds]. */
export function bestClass(classes: readonly number[], accuracies: readonly (readonly number[])[]): BestClass {
  return classes
    .map((architecture, at) => ({ architecture, accuracy: mean([...(accuracies[at] as readonly number[])]) }))
    .reduce((best, own) => (own.accuracy > best.accuracy ? own : best));
}

/** A recipe with {@link LONGER} times the epochs and the schedule drawn out. */
function drawnOut(recipe: Recipe): Recipe {
  return { ...recipe, id: `${recipe.id}-longer`, epochs: LONGER * recipe.epochs };
}

/** The longer trainings of the best class of each candidate that is complete. */
export function longerParts(trainings: PilotTrainings): BuildPart[] {
  return trainings.candidates.flatMap((recipe) => {
    const accuracies = candidateAccuracies(trainings, recipe);
    if (accuracies === null) return [];
    const { architecture } = bestClass(trainings.classes, accuracies);
    return trainings.seeds.map((seed) => ({ recipe: drawnOut(recipe), seed, architectures: [architecture] }));
  });
}

/** Mean test accuracy in percent of a class trained longer; null while a training is missing. */
export function longerAccuracy(trainings: PilotTrainings, recipe: Recipe, architecture: number): number | null {
  const own = testAccuracies(trainings, drawnOut(recipe), [architecture])?.[0];
  return own === undefined ? null : mean(own);
}
