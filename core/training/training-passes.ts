import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { Split } from "./trial.ts";

/**
 * Forward passes that a whole training costs: a trained image counts three times (forward, and backward for inputs and
 * weights), an evaluated one once.
 * @param images number of images of each split
 */
export function trainingPasses(recipe: Recipe, images: Readonly<Record<Split, { readonly count: number }>>): number {
  const trained = recipe.epochs * (recipe.imagesPerEpoch ?? images.train.count);
  const subset = (split: Split) => Math.min(recipe.evaluation[split] ?? images[split].count, images[split].count);
  const perEpoch = subset("train") + subset("valid") + subset("test");
  // After the last epoch all validation and test images are evaluated.
  return 3 * trained + (recipe.epochs - 1) * perEpoch + subset("train") + images.valid.count + images.test.count;
}
