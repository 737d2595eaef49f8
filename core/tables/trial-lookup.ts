import type { TableCard } from "../../schemas/generated/table-card.ts";
import { classOf } from "../space/classes.ts";
import { type Architecture, checkedIndex } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { itemOfEpoch, type MetricColumn, type MetricName, type TrialTable, valueAt } from "./column.ts";

/** A mean over trials and what it was taken over. */
export interface TrialMean {
  /** Mean value in the metric's unit. */
  readonly value: number;
  /** trials: the mean of the single trials; aggregate: the table's own mean, because it holds no single trials. */
  readonly from: "trials" | "aggregate";
  /** Number of trials, where known. */
  readonly trials: number;
}

/** Finds trials by architecture: index -> (class ->) rows, all by offsets into typed arrays. */
export class TrialLookup {
  readonly table: TrialTable;
  readonly #keyedBy: TableCard["keyedBy"];
  readonly #firstRow: Uint32Array;

  constructor(table: TrialTable, keyedBy: TableCard["keyedBy"]) {
    this.table = table;
    this.#keyedBy = keyedBy;
    this.#firstRow = new Uint32Array(ARCHITECTURE_COUNT + 1);
    for (const architecture of table.rows.architecture) (this.#firstRow[architecture + 1] as number)++;
    for (let at = 0; at < ARCHITECTURE_COUNT; at++) {
      (this.#firstRow[at + 1] as number) += this.#firstRow[at] as number;
    }
  }

  /** The metric's column, or undefined if the table has none. */
  column(name: MetricName): MetricColumn | undefined {
    return this.table.columns.find((column) => column.name === name);
  }

  /** First row and the row after the last one of an architecture. @throws NAS_ARCHITECTURE_INDEX */
  rowsOf(architecture: Architecture): readonly [start: number, end: number] {
    const key = this.#keyedBy === "class" ? classOf(architecture) : checkedIndex(architecture);
    return [this.#firstRow[key] as number, this.#firstRow[key + 1] as number];
  }

  /** Rows of an architecture's single trials that hold the metric at this epoch: seeds ascending, unknown seeds last. */
  singleTrials(architecture: Architecture, name: MetricName, epoch: number): number[] {
    return this.#rows(architecture, name, epoch, true);
  }

  /** Mean over an architecture's single trials, or its aggregate row where there are none; null: not recorded. */
  mean(architecture: Architecture, name: MetricName, epoch: number): TrialMean | null {
    const column = this.column(name);
    if (column === undefined) return null;
    const item = itemOfEpoch(column, epoch);
    const singles = this.#rows(architecture, name, epoch, true);
    if (singles.length > 0) {
      const sum = singles.reduce((total, row) => total + (valueAt(column, row, item) as number), 0);
      return { value: sum / singles.length, from: "trials", trials: singles.length };
    }
    const aggregate = this.#rows(architecture, name, epoch, false)[0];
    if (aggregate === undefined) return null;
    const seeds = this.table.rows.aggregatedSeeds[aggregate] as readonly number[];
    return { value: valueAt(column, aggregate, item) as number, from: "aggregate", trials: seeds.length };
  }

  #rows(architecture: Architecture, name: MetricName, epoch: number, single: boolean): number[] {
    const column = this.column(name);
    if (column === undefined) return [];
    const item = itemOfEpoch(column, epoch);
    const [start, end] = this.rowsOf(architecture);
    const rows: number[] = [];
    for (let row = start; row < end; row++) {
      const isSingle = this.table.rows.aggregatedSeeds[row] === null;
      if (isSingle === single && valueAt(column, row, item) !== null) rows.push(row);
    }
    return rows;
  }
}
