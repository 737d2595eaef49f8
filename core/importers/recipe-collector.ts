import type { CsvRecipe, CsvTrial } from "../../schemas/generated/csv-mapping.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { itemOfEpoch, METRIC_NAMES, type MetricColumn, type MetricName } from "../tables/column.ts";
import type { RecipeContent } from "../tables/table-writer.ts";
import type { CsvCells } from "./csv-cells.ts";
import type { CsvRow } from "./csv-rows.ts";

const MS_PER_SECOND = 1000;

/** A metric column that is being filled; room for every trial of every architecture. */
interface Filling {
  readonly name: MetricName;
  readonly epochs: number[];
  readonly values: Float32Array;
  readonly recorded: Uint8Array;
}

function epochsOf(recipe: CsvRecipe, name: MetricName): number[] {
  const metrics = recipe.trials.flatMap((trial) => trial.metrics.filter(({ metric }) => metric === name));
  return [...new Set(metrics.map(({ epoch }) => epoch))].sort((a, b) => a - b);
}

/** Collects the trials of one (dataset, recipe), row by row of the CSV. */
export class RecipeCollector {
  readonly #recipe: CsvRecipe;
  readonly #columns: readonly Filling[];
  readonly #trainMs: Float32Array;
  readonly #architectures: number[] = [];
  readonly #seeds: (number | null)[] = [];
  readonly #aggregatedSeeds: (readonly number[] | null)[] = [];

  constructor(recipe: CsvRecipe) {
    this.#recipe = recipe;
    const capacity = recipe.trials.length * ARCHITECTURE_COUNT;
    this.#trainMs = new Float32Array(recipe.trainSecondsPerEpoch === undefined ? 0 : capacity);
    this.#columns = METRIC_NAMES.flatMap((name) => {
      const epochs = epochsOf(recipe, name);
      const size = capacity * epochs.length;
      return size === 0 ? [] : [{ name, epochs, values: new Float32Array(size), recorded: new Uint8Array(size) }];
    });
  }

  /** Adds an architecture's trials; one whose optional cells are all empty is absent. @throws NAS_CSV_VALUE */
  add(architecture: number, row: CsvRow, cells: CsvCells): void {
    const { trainSecondsPerEpoch: column } = this.#recipe;
    const trainMs = column === undefined ? null : cells.value(row, column, "trainMs", false, MS_PER_SECOND);
    for (const trial of this.#recipe.trials) {
      const seeds = this.#seedsOf(trial, row, cells);
      if (!this.#addValues(trial, row, cells)) continue;
      if (trainMs !== null) this.#trainMs[this.#architectures.length] = trainMs;
      this.#architectures.push(architecture);
      this.#seeds.push(trial.seed ?? null);
      this.#aggregatedSeeds.push(seeds);
    }
  }

  /** What was collected. */
  content(): RecipeContent {
    const rows = this.#architectures.length;
    const columns: MetricColumn[] = this.#columns.map(({ name, epochs, values, recorded }) => {
      const flags = recorded.subarray(0, rows * epochs.length);
      const complete = !flags.includes(0);
      return { name, epochs, values: values.subarray(0, rows * epochs.length), recorded: complete ? null : flags };
    });
    if (this.#trainMs.length > 0) {
      columns.push({ name: "trainMs", epochs: "constant", values: this.#trainMs.subarray(0, rows), recorded: null });
    }
    return {
      recipe: this.#recipe.id,
      epochs: this.#recipe.epochs,
      rows: {
        architecture: Uint16Array.from(this.#architectures),
        trialSeed: this.#seeds,
        aggregatedSeeds: this.#aggregatedSeeds,
      },
      columns,
    };
  }

  #seedsOf({ aggregatedSeeds, aggregatedSeedCount }: CsvTrial, row: CsvRow, cells: CsvCells): readonly number[] | null {
    if (aggregatedSeeds === undefined) return null;
    if (aggregatedSeedCount === undefined) return aggregatedSeeds;
    return aggregatedSeeds.slice(0, cells.integer(row, aggregatedSeedCount, 1, aggregatedSeeds.length));
  }

  /** Fills the next row's values; false if there are none. */
  #addValues(trial: CsvTrial, row: CsvRow, cells: CsvCells): boolean {
    let any = false;
    for (const { metric, epoch, column, optional } of trial.metrics) {
      const value = cells.value(row, column, metric, optional === true);
      if (value === null) continue;
      any = true;
      const filling = this.#columns.find(({ name }) => name === metric) as Filling;
      const at = this.#architectures.length * filling.epochs.length + itemOfEpoch(filling, epoch);
      filling.values[at] = value;
      filling.recorded[at] = 1;
    }
    return any;
  }
}
