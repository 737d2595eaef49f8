import { isDeepStrictEqual } from "node:util";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import type { MetricName } from "../../tables/column.ts";
import { SearchView } from "../../tables/search-view.ts";
import { openTestView } from "../../tables/test-view.ts";
import type { TrialLookup } from "../../tables/trial-lookup.ts";
import type { Curve, Split, TrialResult } from "../trial.ts";
import type { BuildTask } from "./build-plan.ts";

/** What a card says of the trainings that its table was made of. @throws NAS_TABLE_REFUSED if it was not trained here */
export function requireTrained(folder: string, card: TableCard): NonNullable<TableCard["training"]> {
  if (card.training !== undefined) return card.training;
  throw new HarnessError("NAS_TABLE_REFUSED", {
    what: `table ${card.id} was not trained by this project: there is nothing that could be trained again`,
    where: folder,
    next: "name a table that table build made; table check checks the others",
  });
}

/** Whether two recipes train alike, whatever they are titled. */
export function isSameRecipe(a: Recipe, b: Recipe): boolean {
  return isDeepStrictEqual({ ...a, title: "" }, { ...b, title: "" });
}

/** Reads trials back out of a trained table; test values too, so it is not for processes that answer queries. */
export class StoredTrials {
  readonly #folder: string;
  readonly #card: TableCard;
  readonly #recipes: readonly Recipe[];
  readonly #dataset: string;
  readonly #search: SearchView;
  readonly #tests = new Map<string, TrialLookup>();

  /** @throws NAS_TABLE_REFUSED */
  constructor(folder: string, card: TableCard) {
    this.#folder = folder;
    this.#card = card;
    this.#recipes = requireTrained(folder, card).recipes;
    this.#dataset = card.datasets[0]?.id as string;
    this.#search = new SearchView(folder, card);
  }

  /** All trials of the table as tasks, in the order of recipes and rows. @throws NAS_TABLE_CORRUPT */
  tasks(): BuildTask[] {
    return this.#recipes.flatMap((recipe) => {
      const { architecture, trialSeed } = this.#search.trials(this.#dataset, recipe.id).table.rows;
      return Array.from(architecture, (own, row) => ({
        part: { recipe, seed: trialSeed[row] as number },
        architecture: own,
      }));
    });
  }

  /** The recipe of this name with which the table was trained. @throws NAS_NOT_RECORDED */
  recipe(id: string): Recipe {
    const found = this.#recipes.find((recipe) => recipe.id === id);
    if (found !== undefined) return found;
    throw this.#notRecorded(`no recipe "${id}"`, this.#recipes.map((recipe) => recipe.id).join(", "));
  }

  /** @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT */
  result({ part, architecture }: BuildTask): TrialResult {
    const { id, epochs } = this.recipe(part.recipe.id);
    const search = this.#search.trials(this.#dataset, id);
    const row = this.#rowOf(search, id, part.seed, architecture);
    const test = this.#test(id);
    const curve = (split: Split): Curve => {
      const lookup = split === "test" ? test : search;
      const own = split === "test" ? this.#rowOf(test, id, part.seed, architecture) : row;
      return {
        loss: valuesOf(lookup, `${split}Loss`, own, epochs),
        accuracy: valuesOf(lookup, `${split}Accuracy`, own, epochs),
      };
    };
    const curves = { train: curve("train"), valid: curve("valid"), test: curve("test") };
    return {
      curves,
      weightsSha256: search.table.rows.weightsSha256?.[row] ?? "none",
      hasDiverged: Object.values(curves).some(({ loss }) => !loss.every(Number.isFinite)),
    };
  }

  #test(recipe: string): TrialLookup {
    const lookup = this.#tests.get(recipe) ?? openTestView(this.#folder, this.#card, this.#dataset, recipe);
    this.#tests.set(recipe, lookup);
    return lookup;
  }

  #rowOf(lookup: TrialLookup, recipe: string, seed: number, architecture: number): number {
    const [start, end] = lookup.rowsOf(architecture);
    const seeds = lookup.table.rows.trialSeed.slice(start, end);
    const at = seeds.indexOf(seed);
    if (at >= 0) return start + at;
    const known = seeds.length === 0 ? "" : `seeds ${seeds.join(", ")}`;
    throw this.#notRecorded(
      `no trial of recipe ${recipe}, seed ${seed}, for architecture ${architecture}`,
      known === "" ? "an architecture that the table holds" : known,
    );
  }

  #notRecorded(what: string, allowed: string): HarnessError {
    return new HarnessError("NAS_NOT_RECORDED", {
      what: `table ${this.#card.id} has ${what}`,
      where: this.#folder,
      allowed,
      next: "nas-harness table info lists what a table holds",
    });
  }
}

/** A metric's values of one row, shape [epochs]; empty if the table does not have the metric. */
function valuesOf(lookup: TrialLookup, name: MetricName, row: number, epochs: number): Float32Array {
  return (lookup.column(name)?.values ?? new Float32Array()).subarray(row * epochs, (row + 1) * epochs);
}
