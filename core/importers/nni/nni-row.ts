import { HarnessError } from "../../errors/harness-error.ts";
import type { MetricName } from "../../tables/column.ts";
import { allowedValues } from "../../tables/value-range.ts";

const LONGEST_SHOWN = 100;

/** The largest id, seed or epoch that is read. */
export const LARGEST_INTEGER = 2_147_483_647;

function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

/** One row of a query with the place that messages name. */
export class NniRow {
  readonly #file: string;
  readonly #table: string;
  readonly #columns: readonly string[];
  readonly #values: readonly unknown[];
  /** Which row it is, in words. */
  readonly #name: string;

  /** @param columns names of the values; those of the table that errors name */
  constructor(file: string, table: string, columns: readonly string[], values: readonly unknown[], name: string) {
    this.#file = file;
    this.#table = table;
    this.#columns = columns;
    this.#values = values;
    this.#name = name;
  }

  /** The error for a value that can't be used. */
  fault(column: string, allowed: string): HarnessError {
    return new HarnessError("NAS_BENCHMARK_FILE", {
      what: `a value is ${shown(this.#value(column))}`,
      where: `${this.#file}, table ${this.#table}, ${this.#name}, column ${column}`,
      allowed,
      next: "fetch the database again",
    });
  }

  /** An integer of a range. @throws NAS_BENCHMARK_FILE */
  integer(column: string, smallest: number, largest: number): number {
    const value = this.#value(column);
    if (typeof value === "number" && Number.isInteger(value) && value >= smallest && value <= largest) return value;
    throw this.fault(column, `an integer from ${smallest} to ${largest}`);
  }

  /** A text. @throws NAS_BENCHMARK_FILE */
  text(column: string): string {
    const value = this.#value(column);
    if (typeof value === "string") return value;
    throw this.fault(column, "a text");
  }

  /** A number, or null where there is none. @throws NAS_BENCHMARK_FILE if it is something else */
  number(column: string, metric: MetricName): number | null {
    const value = this.#value(column);
    if (value === null || typeof value === "number") return value;
    throw this.fault(column, `${allowedValues(metric)}, or NULL`);
  }

  #value(column: string): unknown {
    return this.#values[this.#columns.indexOf(column)];
  }
}
