/**
 * Pearson's chi-square of counts against expected shares (uniform unless given): compare it with the quantile for
 * `counts.length - 1` degrees of freedom.
 */
export function chiSquare(counts: readonly number[], shares?: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, at) => {
    const expected = total * (shares?.[at] ?? 1 / counts.length);
    return sum + ((count - expected) * (count - expected)) / expected;
  }, 0);
}
