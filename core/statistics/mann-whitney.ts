import { normalUpperTail } from "./normal-tail.ts";

/** A comparison of two independent samples by the ranks of their values. */
export interface MannWhitney {
  /** Pairs (one value of each sample) in which the first sample's is higher; an equal pair counts a half. */
  readonly u: number;
  /** Probability that a random value of the first sample is higher than one of the second, equal ones counting a half. */
  readonly superiority: number;
  /** Two-sided p-value, 0 to 1. */
  readonly p: number;
  /** One-sided p-value, 0 to 1: small where the first sample's values are lower. */
  readonly pLower: number;
}

/** Sum of the first sample's average ranks (from 1) among all values, and sum of t^3 - t over groups of t equal values. */
function rankSum(first: readonly number[], second: readonly number[]): { ranks: number; ties: number } {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value);
  let [ranks, ties] = [0, 0];
  for (let start = 0; start < all.length; ) {
    let end = start + 1;
    while (end < all.length && all[end]?.value === all[start]?.value) end++;
    const count = end - start;
    const ofFirst = all.slice(start, end).filter(({ isFirst }) => isFirst).length;
    ranks += (ofFirst * (start + 1 + end)) / 2;
    ties += count * count * count - count;
    start = end;
  }
  return { ranks, ties };
}

/**
 * The Mann-Whitney U test: are values of one sample higher than those of the other more often than chance makes
 * them? (H. B. Mann and D. R. Whitney, On a test of whether one of two random variables is stochastically larger than the
 * other, Annals of Mathematical Statistics 18, 1947.) The p-value is the normal approximation with the correction for ties
 * and a continuity correction of a half; it is meant for samples of eight values and more. Samples that can't differ (all
 * values equal) have p = 1.
 * @throws RangeError if a sample is empty or has a NaN
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  if (first.length === 0 || second.length === 0) throw new RangeError("a sample is empty");
  if ([...first, ...second].some(Number.isNaN)) throw new RangeError("a value is NaN: it has no rank");
  const [n, m] = [first.length, second.length];
  const total = n + m;
  const pairs = n * m;
  const { ranks, ties } = rankSum(first, second);
  const u = ranks - (n * (n + 1)) / 2;
  const deviation = Math.sqrt((pairs / 12) * (total + 1 - ties / (total * (total - 1))));
  const distance = Math.abs(u - pairs / 2) - 0.5;
  const p = deviation === 0 ? 1 : Math.min(1, 2 * normalUpperTail(distance / deviation));
  const pLower = deviation === 0 ? 1 : normalUpperTail((pairs / 2 - u - 0.5) / deviation);
  return { u, superiority: u / pairs, p, pLower };
}
