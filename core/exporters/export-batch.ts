/** What the values of a column are. `float32` are a table's own values, `float64` computed ones. */
export type ColumnType = "int32" | "float32" | "float64" | "string" | "boolean";

/** A column of an export. */
export interface ExportColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** True if a value may be missing. */
  readonly nullable: boolean;
}

/** A value of an export; null: not recorded. */
export type Cell = number | string | boolean | null;

/** Some rows of an export: a list of values for each column, all of the same length. */
export type ExportBatch = readonly (readonly Cell[])[];

/** A table's selection in one of the shapes. */
export interface ExportRows {
  readonly columns: readonly ExportColumn[];
  /** The rows in order; a batch may be empty, so that whoever writes hears of progress. */
  readonly batches: Iterable<ExportBatch>;
}

/** Called with how many architectures of how many are done. */
export type ExportProgress = (done: number, total: number) => void;
