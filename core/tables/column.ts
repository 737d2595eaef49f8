import type { TableColumn } from "../../schemas/generated/table-card.ts";

/** Name of a metric column. Accuracies in percent, losses in nats, times in ms, parameters and FLOPs in millions. */
export type MetricName = TableColumn["name"];

/** The file of a table that a column belongs to: train and validation metrics, or test metrics. */
export type View = "search" | "test";

/** Every metric column in the fixed order of files and hashes, with the view that it belongs to. */
export const METRIC_VIEWS: Readonly<Record<MetricName, View>> = {
  trainAccuracy: "search",
  trainTop5Accuracy: "search",
  trainLoss: "search",
  validAccuracy: "search",
  validLoss: "search",
  trainMs: "search",
  validMs: "search",
  latencyMs: "search",
  megaParameters: "search",
  megaFlops: "search",
  testAccuracy: "test",
  testLoss: "test",
  testMs: "test",
  valtestAccuracy: "test",
  valtestLoss: "test",
  valtestMs: "test",
};

/** The names of {@link METRIC_VIEWS} in order. */
export const METRIC_NAMES = Object.keys(METRIC_VIEWS) as MetricName[];

/** True for what a training reached (accuracies and losses), false for what it or its network costs. */
export function isResult(name: MetricName): boolean {
  return name.endsWith("Accuracy") || name.endsWith("Loss");
}

/** One metric of all trials of a (dataset, recipe): a fixed-size list a row. */
export interface MetricColumn {
  readonly name: MetricName;
  /** Epochs (from 1) that a list's items belong to; "constant": one item that holds at every epoch. */
  readonly epochs: readonly number[] | "constant";
  /** Row after row, shape [rows, items]. What stands where `recorded` is 0 means nothing. */
  readonly values: Float32Array;
  /** 1 where a value is recorded, 0 where not, shape [rows, items]; null: all are. */
  readonly recorded: Uint8Array | null;
}

/** Which trial each row is, ordered by architecture, then single trials by seed (unknown seeds last), then aggregates. */
export interface TrialRows {
  /** Official index (or class representative), shape [rows], ascending. */
  readonly architecture: Uint16Array;
  /** Seed of a single trial; null: unknown, or the row is a mean. Shape [rows]. */
  readonly trialSeed: readonly (number | null)[];
  /** Seeds whose mean the row holds; null: the row is a single trial. Shape [rows]. */
  readonly aggregatedSeeds: readonly (readonly number[] | null)[];
  /** SHA-256 of each trial's final weights, in hexadecimal, shape [rows]; only in tables that this project trains. */
  readonly weightsSha256?: readonly string[];
}

/** The trials and metrics of one view of one (dataset, recipe). */
export interface TrialTable {
  readonly rows: TrialRows;
  readonly columns: readonly MetricColumn[];
}

/** Number of items in each list of a column. */
export function itemsPerRow(column: Pick<MetricColumn, "epochs">): number {
  return column.epochs === "constant" ? 1 : column.epochs.length;
}

/** Position of an epoch (from 1) in a column's lists, or -1 if that epoch is not recorded. */
export function itemOfEpoch(column: Pick<MetricColumn, "epochs">, epoch: number): number {
  return column.epochs === "constant" ? 0 : column.epochs.indexOf(epoch);
}

/** A value, or null where it is not recorded. `item` is a position as {@link itemOfEpoch} gives it. */
export function valueAt(column: MetricColumn, row: number, item: number): number | null {
  const at = row * itemsPerRow(column) + item;
  if (item < 0 || (column.recorded !== null && column.recorded[at] === 0)) return null;
  return column.values[at] as number;
}
