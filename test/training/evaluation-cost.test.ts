import { expect, test } from "vitest";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { meanEvaluationMs } from "../../core/training/evaluation-cost.ts";
import { toyRecipe } from "../helpers/toy-dataset.ts";

const shape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 3 };
const counts = { train: 48, valid: 24 };
const recipe = toyRecipe({ epochs: 4, imagesPerEpoch: 32 });

test("without a cost by MACs every cell costs the same: three passes an image trained, one an image evaluated", () => {
  const cost = { fixedUs: 1000, usPerMegaMac: 0 };
  // The recipe evaluates 12 validation images, and all 24 after the last epoch.
  expect(meanEvaluationMs(recipe, shape, counts, cost, 1)).toBe(3 * 32 + 12);
  expect(meanEvaluationMs(recipe, shape, counts, cost, 3)).toBe(3 * 3 * 32 + 12);
  expect(meanEvaluationMs(recipe, shape, counts, cost, 4)).toBe(4 * 3 * 32 + 24);
  const all = toyRecipe({ imagesPerEpoch: null, evaluation: { ...recipe.evaluation, valid: null } });
  expect(meanEvaluationMs(all, shape, counts, cost, 1)).toBe(3 * 48 + 24);
});

test("with one, the mean is over all cells, which cost whole ms each", () => {
  const mean = meanEvaluationMs(recipe, shape, counts, { fixedUs: 0, usPerMegaMac: 10_000 }, 1);
  expect(mean * ARCHITECTURE_COUNT).toBeCloseTo(Math.round(mean * ARCHITECTURE_COUNT), 6);
  expect(mean).toBeGreaterThan(0);
  expect(Number.isInteger(mean)).toBe(false);
});
