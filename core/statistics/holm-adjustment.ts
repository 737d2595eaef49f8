/** p-values in a form in which the adjusted one of each is found by looking it up. */
export interface HolmAdjustment {
  /** The adjusted p-value of one of the values. */
  readonly of: (value: number) => number;
  /** Values up to this one have an adjusted p-value below the level; below 0 if none has. */
  readonly cutoff: (level: number) => number;
}

/**
 * Adjusts p-values for being several (S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian
 * Journal of Statistics 6, 1979): rejecting those below a level keeps the chance of a single wrong rejection below it.
 */
export function holmAdjustment(values: Float64Array): HolmAdjustment {
  // Equal p-values have equal adjusted ones, so the sorted values alone are needed: of many pairs, positions take longer to sort.
  const sorted = values.slice().sort();
  const adjusted = new Float64Array(sorted.length);
  let largest = 0;
  sorted.forEach((value, rank) => {
    largest = Math.max(largest, Math.min(1, (sorted.length - rank) * value));
    adjusted[rank] = largest;
  });
  return {
    of: (value) => adjusted[firstAtLeast(sorted, value)] as number,
    cutoff: (level) => sorted[firstAtLeast(adjusted, level) - 1] ?? -1,
  };
}

/** {@link holmAdjustment} of all values, in the order given. */
export function holmAdjusted(values: readonly number[]): number[] {
  const adjustment = holmAdjustment(Float64Array.from(values));
  return values.map((value) => adjustment.of(value));
}

/** Position of the first of ascending values that is not below one; their number if all are. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
