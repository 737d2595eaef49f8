import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readRecipe, readRecipes, readTablePlan, requireDistinctRecipes } from "../../core/plugins/table-plan-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { TOY_RECIPES, toyPlan, toyRecipe, writeRecipes, writeToyDataset } from "../helpers/toy-dataset.ts";

/** A toy dataset whose file is changed. */
function changedDataset(file: string, change: (document: Record<string, unknown>) => unknown): string {
  const folder = writeToyDataset(path.join(temporaryFolder(), "toy"));
  const place = path.join(folder, file);
  writeFileSync(place, JSON.stringify(change(JSON.parse(readFileSync(place, "utf8")))));
  return folder;
}

describe("readTablePlan", () => {
  test("reads the plan and its recipes, and orders the parts seed by seed", () => {
    const folder = writeToyDataset(path.join(temporaryFolder(), "toy"), toyPlan(TOY_RECIPES, [3, 1]));
    const { plan, recipes, parts } = readTablePlan(folder);
    expect(plan).toEqual(toyPlan(TOY_RECIPES, [3, 1]).plan);
    expect(recipes).toEqual(TOY_RECIPES);
    expect(parts.map(({ recipe, seed }) => `${recipe.id}-${seed}`)).toEqual(["short-3", "full-3", "short-1", "full-1"]);
  });

  test("a recipe with fewer seeds is not waited for", () => {
    const folder = changedDataset("table-plan.json", (plan) => ({
      ...plan,
      parts: [
        { recipe: "recipes/short.json", seeds: [1] },
        { recipe: "recipes/full.json", seeds: [1, 2, 3] },
      ],
    }));
    const names = readTablePlan(folder).parts.map(({ recipe, seed }) => `${recipe.id}-${seed}`);
    expect(names).toEqual(["short-1", "full-1", "full-2", "full-3"]);
  });

  test("of a dataset without one says so", () => {
    const folder = writeToyDataset(path.join(temporaryFolder(), "toy"), null);
    const error = harnessErrorOf(() => readTablePlan(folder));
    expect(error.code).toBe("NAS_FILE_NOT_FOUND");
    expect(error.details.what).toContain("table-plan.json");
    expect(error.details.where).toBe(folder);
  });

  test("a recipe that is not there is named", () => {
    const folder = writeToyDataset(path.join(temporaryFolder(), "toy"));
    rmSync(path.join(folder, "recipes/full.json"));
    const error = harnessErrorOf(() => readTablePlan(folder));
    expect(error.code).toBe("NAS_FILE_NOT_FOUND");
    expect(error.details.where).toBe(path.join(folder, "recipes/full.json"));
  });

  test("two recipes of one name are refused: their trainings could not be told apart", () => {
    const folder = changedDataset("recipes/full.json", (recipe) => ({ ...recipe, id: "short" }));
    const error = harnessErrorOf(() => readTablePlan(folder));
    expect(error.code).toBe("NAS_SCHEMA");
    expect(error.details.what).toBe("two recipes have the id short");
  });

  test.each<[string, string, (document: Record<string, unknown>) => unknown, RegExp]>([
    ["a plan without parts", "table-plan.json", (plan) => ({ ...plan, parts: [] }), /parts/],
    ["a plan without costs", "table-plan.json", ({ cost: _, ...plan }) => plan, /cost/],
    ["a recipe of no epochs", "recipes/full.json", (recipe) => ({ ...recipe, epochs: 0 }), /epochs/],
  ])("%s breaks its schema", (_, file, change, fault) => {
    const folder = changedDataset(file, change);
    const error = harnessErrorOf(() => readTablePlan(folder));
    expect(error.code).toBe("NAS_SCHEMA");
    expect(error.details.where).toContain(path.join(folder, file));
    expect(error.details.where).toMatch(fault);
  });
});

describe("readRecipe", () => {
  test("drops the schema's address, which is for editors", () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, "recipe.json");
    writeFileSync(file, JSON.stringify({ $schema: "recipe.schema.json", ...toyRecipe() }));
    expect(readRecipe(file)).toEqual(toyRecipe());
  });
});

test("recipes of different names may be alike otherwise", () => {
  expect(() => requireDistinctRecipes([toyRecipe(), toyRecipe({ id: "other" })], "here")).not.toThrow();
});

describe("readRecipes", () => {
  test("gives the plan's recipes in its order", () => {
    const folder = writeToyDataset(path.join(temporaryFolder(), "toy"));
    expect(readRecipes(folder)).toEqual(TOY_RECIPES);
  });

  test("of a dataset without a plan gives all that are in its folder, by name", () => {
    const folder = writeToyDataset(path.join(temporaryFolder(), "toy"), null);
    writeRecipes(path.join(folder, "recipes"), TOY_RECIPES);
    writeFileSync(path.join(folder, "recipes/README.md"), "no recipe");
    expect(readRecipes(folder)).toEqual(TOY_RECIPES.toReversed());
    writeFileSync(path.join(folder, "recipes/other.json"), JSON.stringify(TOY_RECIPES[0]));
    expect(harnessErrorOf(() => readRecipes(folder)).details.what).toBe("two recipes have the id short");
  });

  test("of a dataset without either says what is missing", () => {
    const folder = writeToyDataset(path.join(temporaryFolder(), "toy"), null);
    expect(harnessErrorOf(() => readRecipes(folder)).details.what).toContain("this dataset has no table-plan.json");
  });
});
