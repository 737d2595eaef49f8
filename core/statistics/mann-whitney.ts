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

/** Pairs in which the first sample's value is higher (equal ones a half), and sum of t^3 - t over groups of t equal values. */
function countPairs(first: Float64Array, second: Float64Array): { u: number; ties: number } {
  let [u, ties, at, other] = [0, 0, 0, 0];
  while (at < first.length || other < second.length) {
    const [one, two] = [first[at] ?? Number.POSITIVE_INFINITY, second[other] ?? Number.POSITIVE_INFINITY];
    const value = Math.min(one, two);
    const [start, below] = [at, other];
    while (at < first.length && first[at] === value) at++;
    while (other < second.length && second[other] === value) other++;
    const [ofFirst, ofSecond] = [at - start, other - below];
    u += ofFirst * (below + ofSecond / 2);
    const count = ofFirst + ofSecond;
    ties += count * count * count - count;
  }
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
