import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { TablePlan } from "../../schemas/generated/table-plan.ts";
import { tablePlan as planValidator, recipe as recipeValidator } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";
import type { BuildPart } from "../training/build/build-plan.ts";

/** Name of the plan inside a dataset plugin's folder. */
export const TABLE_PLAN_NAME = "table-plan.json";

/** A plan with its recipes read. */
export interface LoadedTablePlan {
  readonly plan: TablePlan;
  /** The recipes in the plan's order. */
  readonly recipes: readonly Recipe[];
  /** Every (recipe, seed), seed by seed: first the first seed of every recipe, then the second, and so on. */
  readonly parts: readonly BuildPart[];
}

/** Reads a recipe. @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA */
export function readRecipe(file: string): Recipe {
  const { $schema: _, ...recipe } = readDocument<Recipe>(file, recipeValidator);
  return recipe;
}

/**
 * Demands that recipes have different ids: trainings are kept under them.
 * @param where the file or folder that names the recipes
 * @throws NAS_SCHEMA
 */
export function requireDistinctRecipes(recipes: readonly Recipe[], where: string): void {
  const ids = recipes.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice === undefined) return;
  throw new HarnessError("NAS_SCHEMA", {
    what: `two recipes have the id ${twice}`,
    where,
    allowed: "an id of its own for each recipe",
    next: "correct one of the recipe files",
  });
}

/** Folder of the recipes inside a dataset plugin's folder. */
export const RECIPES_FOLDER = "recipes";

/**
 * The recipes by which cells can be trained on a dataset: those of its plan, or, where it has none, all in its folder
 * `recipes`, sorted by file name. Without either the error is that of {@link readTablePlan}.
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA
 */
export function readRecipes(folder: string): readonly Recipe[] {
  const recipes = path.join(folder, RECIPES_FOLDER);
  if (existsSync(path.join(folder, TABLE_PLAN_NAME)) || !existsSync(recipes)) return readTablePlan(folder).recipes;
  const names = readdirSync(recipes).filter((name) => name.endsWith(".json"));
  const read = names.sort().map((name) => readRecipe(path.join(recipes, name)));
  requireDistinctRecipes(read, recipes);
  return read;
}

/**
 * Reads the plan of a dataset plugin's folder.
 * @throws NAS_FILE_NOT_FOUND if the plugin or a recipe has no such file, NAS_JSON, NAS_SCHEMA
 */
export function readTablePlan(folder: string): LoadedTablePlan {
  const file = path.join(folder, TABLE_PLAN_NAME);
  if (!existsSync(file)) {
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: `this dataset has no ${TABLE_PLAN_NAME}: nothing says what is to be trained on it`,
      where: folder,
      next: "name a dataset that has one, such as fashion-mnist-8x8, or write one (schemas/table-plan.schema.json)",
    });
  }
  const plan = readDocument<TablePlan>(file, planValidator);
  const recipes = plan.parts.map(({ recipe }) => readRecipe(path.resolve(folder, recipe)));
  requireDistinctRecipes(recipes, file);
  const most = Math.max(...plan.parts.map(({ seeds }) => seeds.length));
  const parts = Array.from({ length: most }, (_, round) =>
    plan.parts.flatMap(({ seeds }, at) => {
      const seed = seeds[round];
      return seed === undefined ? [] : [{ recipe: recipes[at] as Recipe, seed }];
    }),
  ).flat();
  return { plan, recipes, parts };
}
