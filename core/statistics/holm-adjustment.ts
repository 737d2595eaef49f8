/**
 * p-values adjusted for being several (S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian
 * Journal of Statistics 6, 1979): rejecting those below a level keeps the chance of a single wrong rejection below it.
 * @returns in the order given
 */
export function holmAdjusted(values: readonly number[]): number[] {
  // Equal p-values have equal adjusted ones, so the sorted values alone are needed: of many pairs, positions take longer to sort.
  const sorted = Float64Array.from(values).sort();
  const adjusted = new Float64Array(sorted.length);
  let largest = 0;
  sorted.forEach((value, rank) => {
    largest = Math.max(largest, Math.min(1, (sorted.length - rank) * value));
    adjusted[rank] = largest;
  });
  return values.map((value) => adjusted[firstAtLeast(sorted, value)] as number);
}

/** Position of the first of ascending values that is not below one that is among them. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
