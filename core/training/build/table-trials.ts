import { existsSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { CARD_NAME, readCard } from "../../tables/search-view.ts";
import type { BuildPart } from "./build-plan.ts";
import { StoredTrials } from "./stored-trials.ts";
import type { BuiltTrial } from "./trial-line.ts";

/** True if a folder is a table and no work folder of a build. */
export function isTable(folder: string): boolean {
  return existsSync(path.join(folder, CARD_NAME));
}

/** Whether two recipes train the same; what they are called does not matter. */
function trainsAs(a: Recipe, b: Recipe): boolean {
  const unnamed = (recipe: Recipe) => ({ ...recipe, id: "", title: "" });
  return isDeepStrictEqual(unnamed(a), unnamed(b));
}

/**
 * The trials of one part that a finished table holds, so that a build goes on from it; none if it has no such seed.
 * @throws NAS_RESUME_MISMATCH if the table's recipe of this name is another one; NAS_TABLE_REFUSED, NAS_TABLE_CORRUPT
 */
export function readTableTrials(folder: string, part: BuildPart): BuiltTrial[] {
  const place = path.resolve(folder);
  const stored = new StoredTrials(place, readCard(place));
  const tasks = stored.tasks().filter((task) => task.part.recipe.id === part.recipe.id && task.part.seed === part.seed);
  if (tasks.length > 0 && !trainsAs(stored.recipe(part.recipe.id), part.recipe)) {
    throw new HarnessError("NAS_RESUME_MISMATCH", {
      what: `the table's recipe ${part.recipe.id} is not the one that the plan has now`,
      where: folder,
      next: "leave this table out, or build with the recipe that it was made with",
    });
  }
  return tasks.map((task) => ({ architecture: task.architecture, result: stored.result(task) }));
}
