import { quantileSorted } from "simple-statistics";
import { Random } from "../random/random.ts";

/** Resamples of a bootstrap interval. */
export const BOOTSTRAP_RESAMPLES = 2000;

/** Share of the resampled means that lies inside an interval. */
export const INTERVAL_LEVEL = 0.95;

/** An interval of a mean. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap intervals of the means of several columns (Efron, 1979): runs are drawn with replacement, whole, so
 * that all columns of a resample belong to the same runs; the ends are quantiles of the resampled means (linear between
 * order statistics, as numpy's default). The same values and seed give the same intervals on any machine.
 * @param columns columns of equal length, shape [columns][runs], at least one run
 * @param seed a hexadecimal string of 32 digits or more
 */
export function bootstrapIntervals(columns: readonly (readonly number[])[], seed: string): Interval[] {
  const runs = columns[0]?.length ?? 0;
  if (runs === 0) throw new RangeError("a bootstrap needs at least one run");
  const random = new Random(seed);
  // Deviations from a column's first value: a constant column's means are then exactly that constant.
  const deviations = columns.map((values) => Float64Array.from(values, (value) => value - (values[0] as number)));
  const means = columns.map(() => new Float64Array(BOOTSTRAP_RESAMPLES));
  const drawn = new Uint32Array(runs);
  for (let resample = 0; resample < BOOTSTRAP_RESAMPLES; resample++) {
    for (let at = 0; at < runs; at++) drawn[at] = random.integer(runs);
    deviations.forEach((values, column) => {
      let sum = 0;
      for (let at = 0; at < runs; at++) sum += values[drawn[at] as number] as number;
      (means[column] as Float64Array)[resample] = sum / runs;
    });
  }
  return means.map((resampled, column) => {
    const sorted = Array.from(resampled.sort());
    const first = columns[column]?.[0] as number;
    const tail = (1 - INTERVAL_LEVEL) / 2;
    return { low: first + quantileSorted(sorted, tail), high: first + quantileSorted(sorted, 1 - tail) };
  });
}
