import { describe, expect, test } from "vitest";
import { fingerprintParts } from "../../../core/training/build/part-inputs.ts";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import { toyImages, toyRecipe } from "../../helpers/toy-dataset.ts";

const images = toyImages();
const inputsOf = (recipe: Recipe, seed = 1, own = images) => fingerprintParts([{ recipe, seed }], own)[0]!.inputs;
const usual = inputsOf(toyRecipe());

/** The recipe with its fields, and those inside, in reverse order. */
function turned<T>(value: T): T {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  ) as T;
}

describe("the fingerprint of a part", () => {
  test("is 16 digits, and the part stays as it is", () => {
    const part = { recipe: toyRecipe(), seed: 3 };
    expect(fingerprintParts([part], images)).toEqual([{ ...part, inputs: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
  });

  test("does not depend on names or on the order of fields", () => {
    expect(inputsOf(toyRecipe({ id: "other", title: "Other" }))).toBe(usual);
    expect(inputsOf({ $schema: "recipe.schema.json", ...toyRecipe() })).toBe(usual);
    expect(inputsOf(turned(toyRecipe()))).toBe(usual);
    expect(JSON.stringify(turned(toyRecipe()))).not.toBe(JSON.stringify(toyRecipe()));
  });

  test.each<[string, Partial<Recipe>]>([
    ["epochs", { epochs: 3 }],
    ["images of an epoch", { imagesPerEpoch: null }],
    ["batch size", { batchSize: 8 }],
    ["network", { network: { channels: 16, cellsPerStage: 1 } }],
    ["optimiser", { optimiser: { ...toyRecipe().optimiser, weightDecay: 0 } }],
    ["augmentation", { augmentation: { flip: false, cropPadding: 1 } }],
    ["normalisation", { normalization: { mean: [115], deviation: [66] } }],
    ["evaluation", { evaluation: { ...toyRecipe().evaluation, batchNorm: "batch" } }],
  ])("changes with the recipe's %s", (_, change) => {
    expect(inputsOf(toyRecipe(change))).not.toBe(usual);
  });

  test("changes with the seed", () => {
    expect(inputsOf(toyRecipe(), 2)).not.toBe(usual);
  });

  test.each(["train", "valid", "test"] as const)("changes with a pixel or a label of %s", (split) => {
    const changed = (array: "pixels" | "labels") => {
      const values = images[split][array].slice();
      values[5] = (values[5]! + 1) % 3;
      return inputsOf(toyRecipe(), 1, { ...images, [split]: { ...images[split], [array]: values } });
    };
    expect(changed("pixels")).not.toBe(usual);
    expect(changed("labels")).not.toBe(usual);
    expect(changed("pixels")).not.toBe(changed("labels"));
  });

  test("changes when splits are exchanged", () => {
    const { train, valid, test: own } = images;
    expect(inputsOf(toyRecipe(), 1, { train, valid: own, test: valid })).not.toBe(usual);
  });
});
