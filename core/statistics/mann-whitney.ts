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

/** Values in ascending order, as {@link compareSorted} wants them. @throws RangeError if there is none, or a NaN */
export function sortedSample(values: readonly number[]): Float64Array {
  if (values.length === 0) throw new RangeError("a sample is empty");
  if (values.some(Number.isNaN)) throw new RangeError("a value is NaN: it has no rank");
  return Float64Array.from(values).sort();
}

/** Position after the last value that equals that at `start`. */
function endOfEqual(sorted: Float64Array, start: number): number {
  const value = sorted[start] as number;
  let end = start + 1;
  while (end < sorted.length && sorted[end] === value) end++;
  return end;
}

const tieTerm = (count: number) => count * count * count - count;

/** Pairs in which the first sample's value is higher (equal ones a half), and sum of t^3 - t over groups of t equal values. */
function countPairs(first: Float64Array, second: Float64Array): { u: number; ties: number } {
  const [n, m] = [first.length, second.length];
  let u = 0;
  let ties = 0;
  let at = 0;
  let other = 0;
  // Half a million pairs are compared where there are a thousand methods: one step a group of equal values, no allocation.
  while (at < n && other < m) {
    const one = first[at] as number;
    const two = second[other] as number;
    if (one < two) {
      const end = endOfEqual(first, at);
      u += (end - at) * other;
      ties += tieTerm(end - at);
      at = end;
    } else if (two < one) {
      const end = endOfEqual(second, other);
      ties += tieTerm(end - other);
      other = end;
    } else {
      const end = endOfEqual(first, at);
      const otherEnd = endOfEqual(second, other);
      u += (end - at) * (other + (otherEnd - other) / 2);
      ties += tieTerm(end - at + (otherEnd - other));
      at = end;
      other = otherEnd;
    }
  }
  u += (n - at) * m;
  for (; at < n; at = endOfEqual(first, at)) ties += tieTerm(endOfEqual(first, at) - at);
  for (; other < m; other = endOfEqual(second, other)) ties += tieTerm(endOfEqual(second, other) - other);
  return { u, ties };
}

/**
 * The Mann-Whitney U test: are values of one sample higher than those of the other more often than chance makes
 * them? (H. B. Mann and D. R. Whitney, On a test of whether one of two random variables is stochastically larger than the
 * other, Annals of Mathematical Statistics 18, 1947.) The p-value is the normal approximation with the correction for ties
 * and a continuity correction of a half; it is meant for samples of eight values and more. Samples that can't differ (all
 * values equal) have p = 1.
 * @param first what {@link sortedSample} gave, as `second`: who compares many samples sorts each once
 */
export function compareSorted(first: Float64Array, second: Float64Array): MannWhitney {
  const [n, m] = [first.length, second.length];
  const total = n + m;
  const pairs = n * m;
  const { u, ties } = countPairs(first, second);
  const deviation = Math.sqrt((pairs / 12) * (total + 1 - ties / (total * (total - 1))));
  const distance = Math.abs(u - pairs / 2) - 0.5;
  const p = deviation === 0 ? 1 : Math.min(1, 2 * normalUpperTail(distance / deviation));
  const pLower = deviation === 0 ? 1 : normalUpperTail((pairs / 2 - u - 0.5) / deviation);
  return { u, superiority: u / pairs, p, pLower };
}

/** {@link compareSorted} of values in any order. @throws RangeError if a sample is empty or has a NaN */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  return compareSorted(sortedSample(first), sortedSample(second));
}
