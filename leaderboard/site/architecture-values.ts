import type { Architecture } from "../../core/space/codec.ts";
import type { MetricName } from "../../core/tables/column.ts";
import type { ReportedValue } from "../../core/tables/reported-values.ts";
import { ifRecorded } from "./if-recorded.ts";
import type { SiteTable } from "./site-model.ts";

/** What a table gives of an architecture under one recipe of one dataset: means over all trials after the last epoch. */
export interface RecipeValues {
  /** Ids of dataset and recipe. */
  readonly dataset: string;
  readonly recipe: string;
  readonly epochs: number;
  /** Percent; null where it is not recorded. */
  readonly valid: number | null;
  readonly test: number | null;
  /** Of the trained network; null where it is not recorded. */
  readonly megaParameters: number | null;
  readonly megaFlops: number | null;
  readonly latencyMs: number | null;
  /** Mean training time of an epoch in ms; null where it is not recorded. */
  readonly trainMs: number | null;
}

/** The values of architectures under one recipe. */
type RecipeReader = (architecture: Architecture) => RecipeValues;

function recipeReaders({ card, search, reported }: SiteTable): RecipeReader[] {
  return card.datasets.flatMap((dataset) =>
    dataset.recipes.map((recipe): RecipeReader => {
      const { id, epochs } = recipe;
      const at = { dataset: dataset.id, recipe: id, epoch: epochs };
      const valid: ReportedValue = { ...at, split: "valid" };
      const test: ReportedValue = { ...at, split: "test" };
      const has = (name: MetricName) =>
        recipe.columns.some((column) => column.name === name && column.view === "search");
      const metric = (architecture: Architecture, name: MetricName) =>
        has(name)
          ? (search.trialsOf(dataset.id, id, architecture).mean(architecture, name, epochs)?.value ?? null)
          : null;
      return (architecture) => ({
        dataset: dataset.id,
        recipe: id,
        epochs,
        valid: ifRecorded(() => reported(architecture, valid)),
        test: ifRecorded(() => reported(architecture, test)),
        megaParameters: metric(architecture, "megaParameters"),
        megaFlops: metric(architecture, "megaFlops"),
        latencyMs: metric(architecture, "latencyMs"),
        trainMs: metric(architecture, "trainMs"),
      });
    }),
  );
}

/** Tables that values of single architectures are read from; each is opened when it is first asked. */
export class ArchitectureValues {
  readonly #open = new Map<SiteTable, readonly RecipeReader[]>();

  /**
   * The values of an architecture, one entry a recipe of each dataset. Ask for ascending architectures.
   * @throws NAS_TABLE_CORRUPT
   */
  of(architecture: Architecture, table: SiteTable): RecipeValues[] {
    const readers = this.#open.get(table) ?? recipeReaders(table);
    this.#open.set(table, readers);
    return readers.map((read) => read(architecture));
  }
}
