import type { Recipe } from "../../schemas/generated/recipe.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { BACKENDS, type BackendName } from "../training/backend.ts";
import type { TrainFlags } from "./commands/training.ts";

const LARGEST_SEED = 2_147_483_647;

/** A trial seed from a flag. @throws NAS_USAGE */
export function parseSeed(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= LARGEST_SEED) return Number(text);
  throw new HarnessError("NAS_USAGE", {
    what: `"${text}" is no trial seed`,
    where: "--seed",
    allowed: `an integer from 0 to ${LARGEST_SEED}`,
    next: "correct the flag",
  });
}

/** A backend's name from a flag; --check needs the one that is bit-exact. @throws NAS_USAGE */
export function parseBackend({ backend: text, check }: Pick<TrainFlags, "backend" | "check">): BackendName {
  const backend = BACKENDS.find((name) => name === text);
  if (backend === undefined) {
    throw new HarnessError("NAS_USAGE", {
      what: `there is no backend "${text}"`,
      where: "--backend",
      allowed: BACKENDS.join(", "),
      next: "name one of these; nas-harness doctor tells which are installed",
    });
  }
  if (check === undefined || backend === "wasm") return backend;
  throw new HarnessError("NAS_USAGE", {
    what: `a table's trial can't be checked on the backend ${backend}: only wasm gives the same bits on every machine`,
    where: "--check, --backend",
    next: "leave --backend out",
  });
}

/** The recipe of that id. @throws NAS_USAGE */
export function findRecipe(recipes: readonly Recipe[], id: string): Recipe {
  const found = recipes.find((recipe) => recipe.id === id);
  if (found !== undefined) return found;
  throw new HarnessError("NAS_USAGE", {
    what: `there is no recipe "${id}"`,
    where: "--recipe",
    allowed: recipes.map((recipe) => recipe.id).join(", "),
    next: "name one of these",
  });
}
