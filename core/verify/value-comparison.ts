import { holmAdjusted } from "../statistics/holm-adjustment.ts";
import { mannWhitney } from "../statistics/mann-whitney.ts";
import { meanAndStd } from "../statistics/run-statistics.ts";

/** Reported values of one column of a search, of two sets of runs. */
export interface ColumnComparison {
  /** `<search>/<column>`. */
  readonly column: string;
  /** Means in percent: of the submitted runs, and of the others. */
  readonly submitted: number;
  readonly other: number;
  /** Mann-Whitney p-value, adjusted after Holm for the number of columns. */
  readonly p: number;
}

/** Values by `<search>/<column>`, in percent. */
export type Values = ReadonlyMap<string, readonly number[]>;

/**
 * Compares two sets of runs column by column.
 * @param alternative `differ`: two-sided; `other-lower`: are the others worse?
 */
export function compareValues(
  submitted: Values,
  other: Values,
  alternative: "differ" | "other-lower",
): ColumnComparison[] {
  const columns = [...submitted.keys()].filter((column) => (other.get(column)?.length ?? 0) > 0);
  const pairs = columns.map((column) => ({
    column,
    own: submitted.get(column) as readonly number[],
    others: other.get(column) as readonly number[],
  }));
  const adjusted = holmAdjusted(
    pairs.map(({ own, others }) => {
      const { p, pLower } = mannWhitney(others, own);
      return alternative === "differ" ? p : pLower;
    }),
  );
  return pairs.map(({ column, own, others }, at) => ({
    column,
    submitted: meanAndStd(own).mean,
    other: meanAndStd(others).mean,
    p: adjusted[at] as number,
  }));
}

/** A comparison in words. */
export function comparisonText({ column, submitted, other, p }: ColumnComparison, others: string): string {
  const shownP = p < 0.0001 ? p.toExponential(1) : p.toFixed(4);
  return `${column}: ${submitted.toFixed(3)} % submitted, ${other.toFixed(3)} % ${others} (p = ${shownP})`;
}
