import type { Recipe } from "../../../schemas/generated/recipe.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { itemOfEpoch, type MetricColumn, type MetricName, valueAt } from "../../tables/column.ts";
import type { TrialLookup } from "../../tables/trial-lookup.ts";
import { SPLITS, type Split } from "../../training/trial.ts";

/** Accuracies are multiples of this share of a percent, as in records: float32 noise would break ties. */
const UNITS_PER_PERCENT = 10_000;

/** The two views of a (dataset, recipe). */
export interface RecipeViews {
  readonly search: TrialLookup;
  readonly test: TrialLookup;
}

/** What a trained table holds of one recipe: every class with every seed. */
export class MeasuredRecipe {
  readonly recipe: Recipe;
  readonly seeds: readonly number[];
  readonly #views: RecipeViews;
  /** Rows by view, shape [seeds][classes]. */
  readonly #rows: Readonly<Record<keyof RecipeViews, readonly (readonly number[])[]>>;

  /**
   * @param classes representatives, ascending
   * @throws NAS_TABLE_REFUSED if a trial is missing
   */
  constructor(recipe: Recipe, seeds: readonly number[], classes: readonly number[], views: RecipeViews) {
    this.recipe = recipe;
    this.seeds = seeds;
    this.#views = views;
    this.#rows = { search: this.#rowsOf(views.search, classes), test: this.#rowsOf(views.test, classes) };
  }

  /** Accuracies in percent after an epoch (from 1), shape [seeds][classes]. */
  accuracies(split: Split, epoch: number = this.recipe.epochs): Float64Array[] {
    return this.#units(split, epoch).map((own) => own.map((units) => units / UNITS_PER_PERCENT));
  }

  /** Means of the seeds' accuracies in percent after an epoch (from 1), shape [classes]; equal ones are exactly equal. */
  means(split: Split, epoch: number = this.recipe.epochs, seeds: readonly number[] = this.#everySeed()): Float64Array {
    const units = this.#units(split, epoch);
    const sums = new Float64Array(units[0]?.length ?? 0);
    for (const seed of seeds) {
      const own = units[seed] as Float64Array;
      for (let at = 0; at < sums.length; at++) (sums[at] as number) += own[at] as number;
    }
    return sums.map((sum) => sum / (seeds.length * UNITS_PER_PERCENT));
  }

  /** Simulated ms of a whole training without evaluations, shape [classes]. */
  trainingMs(): Float64Array {
    return this.#cost("trainMs", 1).map((ms) => ms * this.recipe.epochs);
  }

  /** Simulated ms of measuring the validation accuracy after an epoch, shape [classes]; of all images after the last. */
  validationMs(epoch: number = this.recipe.epochs): Float64Array {
    return this.#cost("validMs", epoch);
  }

  /** Number of trainings with a loss that is no number or infinite, on any split after any epoch. */
  diverged(): number {
    return this.seeds.reduce(
      (total, _, seed) =>
        total +
        this.#classPositions().filter((at) => SPLITS.some((split) => this.#hasDiverged(split, seed, at))).length,
      0,
    );
  }

  /** SHA-256 of the trainings' final weights, shape [seeds][classes]. */
  weights(): string[][] {
    const hashes = this.#views.search.table.rows.weightsSha256 ?? [];
    return this.#rows.search.map((own) => own.map((row) => hashes[row] ?? ""));
  }

  #everySeed(): number[] {
    return Array.from(this.seeds.keys());
  }

  #classPositions(): number[] {
    return Array.from((this.#rows.search[0] ?? []).keys());
  }

  #column(name: MetricName): { column: MetricColumn; rows: readonly (readonly number[])[] } {
    const view = name.startsWith("test") ? "test" : "search";
    const column = this.#views[view].column(name);
    if (column !== undefined) return { column, rows: this.#rows[view] };
    throw new HarnessError("NAS_TABLE_REFUSED", {
      what: `the table has no ${name} of recipe ${this.recipe.id}`,
      next: "name a table that table build made",
    });
  }

  #units(split: Split, epoch: number): Float64Array[] {
    const { column, rows } = this.#column(`${split}Accuracy`);
    const item = itemOfEpoch(column, epoch);
    return rows.map((own) =>
      Float64Array.from(own, (row) => Math.round((valueAt(column, row, item) as number) * UNITS_PER_PERCENT)),
    );
  }

  #cost(name: "trainMs" | "validMs", epoch: number): Float64Array {
    const { column, rows } = this.#column(name);
    const item = itemOfEpoch(column, epoch);
    return Float64Array.from(rows[0] as readonly number[], (row) => valueAt(column, row, item) as number);
  }

  #hasDiverged(split: Split, seed: number, at: number): boolean {
    const { column, rows } = this.#column(`${split}Loss`);
    const row = rows[seed]?.[at] as number;
    const { epochs } = this.recipe;
    return !column.values.subarray(row * epochs, (row + 1) * epochs).every(Number.isFinite);
  }

  #rowsOf(lookup: TrialLookup, classes: readonly number[]): number[][] {
    const { trialSeed, architecture } = lookup.table.rows;
    const refuse = (what: string) =>
      new HarnessError("NAS_TABLE_REFUSED", {
        what: `the table holds ${what} of recipe ${this.recipe.id}: a datasheet needs the same classes with every seed`,
        next: "make the table again with table build",
      });
    const rows = this.seeds.map((seed) =>
      classes.map((own) => {
        const [start, end] = lookup.rowsOf(own);
        const at = trialSeed.slice(start, end).indexOf(seed);
        if (at < 0) throw refuse(`no trial with seed ${seed} for class ${own}`);
        return start + at;
      }),
    );
    const expected = classes.length * this.seeds.length;
    if (architecture.length !== expected) throw refuse(`${architecture.length} trials instead of ${expected}`);
    return rows;
  }
}
