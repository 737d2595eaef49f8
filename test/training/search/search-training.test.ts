import { expect, test } from "vitest";
import { MADE_UP_RECIPE, madeUpImages } from "../../../core/conformance/made-up-training.ts";
import { openBackend } from "../../../core/training/backend.ts";
import { operationsOn } from "../../../core/training/backend-operations.ts";
import { SearchTraining, type SearchTrainingParts } from "../../../core/training/search/search-training.ts";
import { DEFAULT_PASS_COST } from "../../../core/training/search/training-clock.ts";

/** Weights of a supernet, and what an evaluation of it costs. */
async function supernetOf(channels: number, cellsPerStage: number, largest?: SearchTrainingParts["largest"]) {
  const images = { train: madeUpImages(256, "train"), valid: madeUpImages(256, "valid") };
  const training = new SearchTraining({
    ...{ operations: operationsOn(await openBackend("wasm")), images, recipe: MADE_UP_RECIPE },
    ...{ cost: DEFAULT_PASS_COST, limitMs: null, seed: "5".repeat(64) },
    ...(largest === undefined ? {} : { largest }),
  });
  const supernet = training.access.supernet({ channels, cellsPerStage, affine: false, batchStatistics: true });
  supernet.evaluate({ kind: "path", architecture: 1462 }, training.access.images.valid.next(256, false));
  const found = [supernet.weightCount, training.spentMs];
  training.dispose();
  return found;
}

test("a check's limit makes a larger supernet small, at a small one's price, and leaves a smaller one alone", async () => {
  const small = await supernetOf(8, 1);
  expect(await supernetOf(16, 2, { channels: 8, cellsPerStage: 1 })).toEqual(small);
  expect(await supernetOf(8, 1, { channels: 16, cellsPerStage: 5 })).toEqual(small);
  const [weights, costMs] = await supernetOf(16, 2);
  expect(weights).toBeGreaterThan(small[0] as number);
  expect(costMs).toBeGreaterThan(small[1] as number);
});

test("a size that no supernet has is refused, whatever the limit", async () => {
  await expect(supernetOf(9, 1, { channels: 8, cellsPerStage: 1 })).rejects.toThrow(/supernet/);
});
