import { HarnessError } from "../../errors/harness-error.ts";
import type { StoredTraining } from "./full-form-file.ts";

/** Which training is asked for; null: any. */
export interface TrainingChoice {
  readonly dataset: string | null;
  readonly recipe: string | null;
  readonly seed: number | null;
}

/** A training in words. */
export function trainingText({ dataset, recipe, seed }: Pick<StoredTraining, "dataset" | "recipe" | "seed">): string {
  return `${dataset}, ${recipe}, seed ${seed}`;
}

/**
 * The trainings with weights that are as asked for.
 * @param file for errors
 * @throws NAS_WEIGHTS if no training in the file has weights, NAS_NOT_RECORDED if none of those that have is as asked for
 */
export function matchingTrainings(
  trainings: readonly StoredTraining[],
  { dataset, recipe, seed }: TrainingChoice,
  file: string,
): readonly StoredTraining[] {
  const stored = trainings.filter(({ state }) => state !== null);
  if (stored.length === 0) {
    throw new HarnessError("NAS_WEIGHTS", {
      what: `the file holds the curves of ${trainings.length} trainings and no weights: it is of the simple form`,
      where: file,
      allowed: "the full form: NATS-tss-v1_0-3ffb9-full, or NAS-Bench-201's archive of NNNNNN-FULL.pth",
      next: "name a file of the full form",
    });
  }
  const matching = stored.filter(
    (training) =>
      (dataset === null || training.dataset === dataset) &&
      (recipe === null || training.recipe === recipe) &&
      (seed === null || training.seed === seed),
  );
  if (matching.length > 0) return matching;
  const asked = [dataset, recipe, seed === null ? null : `seed ${seed}`].filter((part) => part !== null);
  throw new HarnessError("NAS_NOT_RECORDED", {
    what: `the file holds no weights of ${asked.join(", ")}`,
    where: file,
    allowed: stored.map((training) => `- ${trainingText(training)}`).join("\n"),
    next: "name one of these",
  });
}

/** The one training that is asked for. @throws NAS_USAGE if several are */
export function onlyTraining(matching: readonly StoredTraining[], file: string): StoredTraining {
  const [only, ...others] = matching;
  if (only !== undefined && others.length === 0) return only;
  throw new HarnessError("NAS_USAGE", {
    what: `the weights of ${matching.length} trainings fit what was asked for`,
    where: file,
    allowed: matching.map((training) => `- ${trainingText(training)}`).join("\n"),
    next: "name one of these by --dataset, --recipe and --seed",
  });
}
