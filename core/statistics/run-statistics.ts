import { mean, standardDeviation } from "simple-statistics";
import type { ColumnStatistic } from "../../schemas/generated/run-summary.ts";
import { bootstrapIntervals } from "./bootstrap.ts";

/** Mean and standard deviation (ddof 0, as the published tables have it) of at least one value. */
export function meanAndStd(values: readonly number[]): { mean: number; std: number } {
  // Deviations from the first value: equal values give exactly that value and exactly 0.
  const first = values[0] as number;
  const deviations = values.map((value) => value - first);
  return { mean: first + mean(deviations), std: standardDeviation(deviations) };
}

/**
 * Statistics of reported columns over runs.
 * @param columns by name, the runs' values in percent, all of the same length, at least one run
 * @param seed seed of the bootstrap, a hexadecimal string of 32 digits or more
 */
export function columnStatistics(
  columns: ReadonlyMap<string, readonly number[]>,
  seed: string,
): Map<string, ColumnStatistic> {
  const intervals = bootstrapIntervals([...columns.values()], seed);
  return new Map([...columns].map(([name, values], at) => [name, { ...meanAndStd(values), ...intervals[at] }])) as Map<
    string,
    ColumnStatistic
  >;
}
