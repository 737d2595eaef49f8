import { HarnessError } from "../../core/errors/harness-error.ts";
import type { Architecture } from "../../core/space/codec.ts";
import type { MetricName } from "../../core/tables/column.ts";
import { openReportedValues, type ReportedValueOf } from "../../core/tables/reported-values.ts";
import { SearchView } from "../../core/tables/search-view.ts";
import type { SiteTable } from "./site-model.ts";

/** What a table gives of an architecture under one recipe of one dataset: means over all trials after the last epoch. */
export interface RecipeValues {
  /** Dataset's title and id of the recipe. */
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

/** Gives null where a table lacks a value. @throws whatever else went wrong */
function ifRecorded(value: () => number): number | null {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "NAS_NOT_RECORDED") throw error;
    return null;
  }
}

/** Tables that values of single architectures are read from; each is opened when it is first asked. */
export class ArchitectureValues {
  readonly #open = new Map<string, { reported: ReportedValueOf; search: SearchView }>();

  /**
   * The values of an architecture, one entry a recipe of each dataset. Ask for ascending architectures.
   * @throws NAS_TABLE_CORRUPT
   */
  of(architecture: Architecture, { folder, card }: SiteTable): RecipeValues[] {
    const { reported, search } = this.#open.get(folder) ?? {
      reported: openReportedValues(folder, card),
      search: new SearchView(folder, card),
    };
    this.#open.set(folder, { reported, search });
    return card.datasets.flatMap((dataset) =>
      dataset.recipes.map((recipe): RecipeValues => {
        const { id, epochs } = recipe;
        const accuracy = (split: "valid" | "test") =>
          ifRecorded(() => reported(architecture, { dataset: dataset.id, recipe: id, split, epoch: epochs }));
        const has = (name: MetricName) =>
          recipe.columns.some((column) => column.name === name && column.view === "search");
        const metric = (name: MetricName) =>
          has(name)
            ? (search.trialsOf(dataset.id, id, architecture).mean(architecture, name, epochs)?.value ?? null)
            : null;
        return {
          dataset: dataset.title,
          recipe: id,
          epochs,
          valid: accuracy("valid"),
          test: accuracy("test"),
          megaParameters: metric("megaParameters"),
          megaFlops: metric("megaFlops"),
          latencyMs: metric("latencyMs"),
          trainMs: metric("trainMs"),
        };
      }),
    );
  }
}
