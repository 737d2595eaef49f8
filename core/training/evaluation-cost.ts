import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { CostModel } from "../../schemas/generated/table-card.ts";
import { classOf } from "../space/classes.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { simulatedMs } from "./cost-model.ts";
import type { NetworkShape } from "./network.ts";
import { networkMacs } from "./network-macs.ts";
import { trainedEdges } from "./trial.ts";

/**
 * What an evaluation of a uniformly random cell costs on average in a table that is trained here, in simulated ms: the
 * training epochs of its class, and one validation pass of as many images as the recipe evaluates then.
 * @param counts number of images of each split
 * @param epochs from 1 to the recipe's
 */
export function meanEvaluationMs(
  recipe: Recipe,
  shape: NetworkShape,
  counts: { readonly train: number; readonly valid: number },
  cost: Pick<CostModel, "fixedUs" | "usPerMegaMac">,
  epochs: number,
): number {
  const trained = recipe.imagesPerEpoch ?? counts.train;
  const subset = Math.min(recipe.evaluation.valid ?? counts.valid, counts.valid);
  const evaluated = epochs === recipe.epochs ? counts.valid : subset;
  let sum = 0;
  for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
    const macs = networkMacs(shape, trainedEdges(classOf(architecture)));
    sum += epochs * simulatedMs(cost, macs, { trained }) + simulatedMs(cost, macs, { evaluated });
  }
  return sum / ARCHITECTURE_COUNT;
}
