import type { PublishedTable } from "../schemas/generated/published-results.ts";
import type { RunSummary } from "../schemas/generated/run-summary.ts";

/** The methods whose parity is checked, by method id. */
export const PARITY_METHODS = ["rea", "rs", "reinforce", "bohb"] as const;

/** The protocol that they are run under. */
export const PARITY_PROTOCOL = "nas-bench-201-mean";

/**
 * How far a re-run's mean may lie from the published one, in percentage points, by dataset. These are the project's own
 * acceptance bounds: wider than what separate sets of 500 runs and mean rewards explain.
 */
export const PARITY_BOUNDS: Readonly<Record<string, number>> = Object.freeze({
  cifar10: 0.15,
  cifar100: 0.4,
  "imagenet16-120": 0.45,
});

/** One compared figure. */
export interface ParityDifference {
  readonly method: string;
  /** Name of the column, e.g. `cifar10.test`. */
  readonly column: string;
  /** Means in percent, and the first minus the second. */
  readonly mean: number;
  readonly publishedMean: number;
  readonly difference: number;
  /** The most that the difference may be, either way. */
  readonly bound: number;
  readonly within: boolean;
  /** Standard deviations, for the reader; they are not judged. */
  readonly std: number;
  readonly publishedStd: number | null;
}

/** A comparison of all methods and columns. */
export interface ParityResult {
  readonly differences: readonly ParityDifference[];
  /** What can't be compared, as sentences. Nothing is judged on a part: `passed` is false then. */
  readonly missing: readonly string[];
  readonly passed: boolean;
}

/** The bound of a column. @throws RangeError for a dataset that has none */
export function boundOf(column: string): number {
  const bound = PARITY_BOUNDS[column.slice(0, column.lastIndexOf("."))];
  if (bound === undefined) throw new RangeError(`there is no parity bound for ${column}`);
  return bound;
}

/**
 * Compares the means of re-runs with the published ones, column by column.
 * @param summaries summaries of {@link PARITY_METHODS}, in any order; other rows are passed over
 */
export function checkParity(summaries: readonly RunSummary[], published: PublishedTable): ParityResult {
  const rows = summaries.flatMap((summary) => summary.rows);
  const differences: ParityDifference[] = [];
  const missing: string[] = [];
  for (const method of PARITY_METHODS) {
    const row = rows.find((candidate) => candidate.method === method);
    const printed = published.rows.find((candidate) => candidate.method === method);
    if (row === undefined || printed === undefined) {
      missing.push(`${method} has no ${row === undefined ? "re-run" : "published row"}`);
      continue;
    }
    for (const [column, { mean: publishedMean, std: publishedStd }] of Object.entries(printed.columns)) {
      const statistic = row.columns[column];
      if (statistic == null) {
        missing.push(`${method} has no figure for ${column}`);
        continue;
      }
      const { mean, std } = statistic;
      const difference = mean - publishedMean;
      const bound = boundOf(column);
      const within = Math.abs(difference) <= bound;
      differences.push({ method, column, mean, publishedMean, difference, bound, within, std, publishedStd });
    }
  }
  return { differences, missing, passed: missing.length === 0 && differences.every(({ within }) => within) };
}
