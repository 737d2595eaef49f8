import type { RecipeOptimiser } from "../../schemas/generated/recipe.ts";
import { elementary } from "../random/elementary.ts";

/**
 * Learning rate of an epoch: a cosine from `learningRate` at the first epoch towards `finalLearningRate` after the last,
 * constant within an epoch (AutoDL-Projects, CosineAnnealingLR stepped by epoch).
 * @param epoch from 0
 */
export function learningRateOf(optimiser: RecipeOptimiser, epoch: number, epochs: number): number {
  return cosineLearningRate(optimiser.learningRate, optimiser.finalLearningRate, epoch, epochs);
}

/**
 * A learning rate on a half cosine.
 * @param from rate at step 0
 * @param to rate at step `steps`
 * @param step from 0 to `steps`
 */
export function cosineLearningRate(from: number, to: number, step: number, steps: number): number {
  const share = (1 + elementary.cos((Math.PI * step) / steps)) / 2;
  return to + (from - to) * share;
}
