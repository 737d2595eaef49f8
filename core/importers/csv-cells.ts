import { HarnessError } from "../errors/harness-error.ts";
import type { MetricName } from "../tables/column.ts";
import { allowedValues, isAllowedValue } from "../tables/value-range.ts";
import type { CsvRow } from "./csv-rows.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const LONGEST_SHOWN = 60;

/** Where a row stands: file, line and row number. */
export function placeOf(file: string, { line, row }: CsvRow): string {
  return `${file}:${line} (row ${row})`;
}

/** The cells of one row by column name. */
export class CsvCells {
  readonly #file: string;
  readonly #positions: ReadonlyMap<string, number>;

  /**
   * @param needed columns that must be there
   * @throws NAS_CSV_COLUMN naming every one that is missing or there twice
   */
  constructor(file: string, header: readonly string[], needed: readonly string[]) {
    this.#file = file;
    this.#positions = new Map(header.map((name, at) => [name, at]));
    const missing = needed.filter((name) => !this.#positions.has(name));
    const twice = needed.filter((name) => header.indexOf(name) !== header.lastIndexOf(name));
    if (missing.length === 0 && twice.length === 0) return;
    const lacks = missing.length === 1 ? "a column is missing" : `${missing.length} columns are missing`;
    throw new HarnessError("NAS_CSV_COLUMN", {
      what: missing.length > 0 ? lacks : "a column's name stands twice in the header",
      where: [
        `${file}:1`,
        ...missing.map((name) => `- missing: ${name}`),
        ...twice.map((name) => `- twice: ${name}`),
      ].join("\n"),
      allowed: `the file's columns are ${header.map(shortened).join(", ")}`,
      next: "correct the names in the mapping, or use the file that the mapping was written for",
    });
  }

  /** The text of a cell. */
  text(row: CsvRow, column: string): string {
    return row.cells[this.#positions.get(column) as number] as string;
  }

  /**
   * A metric's value as float32, times `scale`; null if the cell is empty and may be.
   * @throws NAS_CSV_VALUE
   */
  value(row: CsvRow, column: string, metric: MetricName, optional: boolean, scale = 1): number | null {
    const text = this.text(row, column);
    if (text === "" && optional) return null;
    const value = NUMBER.test(text) ? Math.fround(Number(text) * scale) : Number.NaN;
    if (isAllowedValue(metric, value)) return value;
    const allowed = scale === 1 ? allowedValues(metric) : "a number from 0 on (seconds)";
    throw this.fault(row, column, optional ? `${allowed}, or nothing` : allowed);
  }

  /**
   * A hardware cost as float32; null if the cell holds the text that stands for no measurement.
   * @throws NAS_CSV_VALUE
   */
  cost(row: CsvRow, column: string, unit: string, absent: string | undefined): number | null {
    const text = this.text(row, column);
    if (text === absent) return null;
    const value = NUMBER.test(text) ? Math.fround(Number(text)) : Number.NaN;
    if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    const hint = 'a text that stands for no measurement belongs into the mapping, as "absent"';
    throw this.fault(row, column, `a number from 0 on (${unit})`, hint);
  }

  /** An integer of a small range. @throws NAS_CSV_VALUE */
  integer(row: CsvRow, column: string, smallest: number, largest: number): number {
    const text = this.text(row, column);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= smallest && value <= largest) return value;
    throw this.fault(row, column, `an integer from ${smallest} to ${largest}`);
  }

  /** The error for a cell that can't be used. @param hint what else may be done; for an empty cell the way to allow it */
  fault(row: CsvRow, column: string, allowed: string, hint = ""): HarnessError {
    const text = this.text(row, column);
    const ifEmpty = text === "" ? `if ${column} may be empty, mark it "optional": true in the mapping` : "";
    const advice = hint === "" ? ifEmpty : hint;
    return new HarnessError("NAS_CSV_VALUE", {
      what: text === "" ? "a cell is empty" : `a cell holds ${shortened(JSON.stringify(text))}`,
      where: `${placeOf(this.#file, row)}, column ${column}`,
      allowed,
      next: `correct the file${advice === "" ? "" : `; ${advice}`}`,
    });
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}
