import type { RecipeOptimiser } from "../../schemas/generated/recipe.ts";
import { elementary } from "../random/elementary.ts";

/**
 * Learning rate of an epoch: a cosine from `learningRate` at the first epoch towards `finalLearningRate` after the last,
 * constant within an epoch (AutoDL-Projects, CosineAnnealingLR stepped by epoch).
 * @param epoch from 0
 */
export function learningRateOf(optimiser: RecipeOptimiser, epoch: number, epochs: number): number {
  const { learningRate, finalLearningRate } = optimiser;
  const share = (1 + elementary.cos((Math.PI * epoch) / epochs)) / 2;
  return finalLearningRate + (learningRate - finalLearningRate) * share;
}
