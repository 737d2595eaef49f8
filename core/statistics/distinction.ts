import { holmAdjustment } from "./holm-adjustment.ts";
import { compareSorted, type MannWhitney, sortedSample } from "./mann-whitney.ts";

/** Below this adjusted p-value two samples are told apart. */
export const DISTINCTION_LEVEL = 0.05;

/** What a test found of two samples: its p-value, and the share of pairs of values in which the first one's is higher. */
export type PairComparison = Pick<MannWhitney, "p" | "superiority">;

/** What pairwise comparisons of samples leave open. */
export interface Comparisons {
  /** Positions of the samples, highest mean first; equal means in the order given. */
  readonly order: readonly number[];
  /** By position: the best and the worst rank, from 1, that the comparisons leave open. */
  readonly ranks: readonly (readonly [best: number, worst: number])[];
  /** Maximal stretches of `order`, of two samples or more, in which no two are told apart. */
  readonly groups: readonly (readonly number[])[];
  /** Adjusted two-sided p-value of a pair of positions, 0 to 1; 1 of a sample and itself. */
  readonly p: (first: number, second: number) => number;
}

const meanOf = (sample: Float64Array) => sample.reduce((sum, value) => sum + value, 0) / sample.length;

/** Position of a pair (first < second) among all pairs of `count` samples. */
const pairAt = (first: number, second: number, count: number) =>
  first * count - (first * (first + 1)) / 2 + (second - first - 1);

/** Stretches of neighbours in which no pair is told apart, without those that lie inside another. */
function stretches(count: number, isApart: (first: number, second: number) => boolean): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (let start = 0, end = 1; start < count; start++) {
    if (end <= start) end = start + 1;
    const before = end;
    const fits = (next: number) => {
      for (let at = start; at < next; at++) if (isApart(at, next)) return false;
      return true;
    };
    while (end < count && fits(end)) end++;
    if (end - start > 1 && (start === 0 || end > before)) found.push([start, end]);
  }
  return found;
}

/**
 * Compares every sample with every other by the Mann-Whitney U test, two-sided, with Holm's adjustment over all pairs. A
 * sample's best rank is 1 plus the number of samples that are higher and told apart from it; its worst rank is the number of
 * samples less those that are lower and told apart.
 * @param samples at least one, each with at least one value, no NaN
 * @param compared comparisons that are known already, by positions (the first one is lower); null of those that are not
 * @param onPair receives every comparison with its positions, the first one lower
 * @throws RangeError as {@link sortedSample} does
 */
export function compareAll(
  samples: readonly (readonly number[])[],
  compared: (first: number, second: number) => PairComparison | null = () => null,
  onPair: (comparison: PairComparison, first: number, second: number) => void = () => {},
): Comparisons {
  const sorted = samples.map(sortedSample);
  const count = sorted.length;
  const values = new Float64Array((count * (count - 1)) / 2);
  // 1 where the first of a pair is the higher one, by pairs of values: the mean could say otherwise.
  const isFirstHigher = new Uint8Array(values.length);
  let pair = 0;
  for (let first = 0; first < count; first++) {
    for (let second = first + 1; second < count; second++) {
      const comparison =
        compared(first, second) ?? compareSorted(sorted[first] as Float64Array, sorted[second] as Float64Array);
      onPair(comparison, first, second);
      values[pair] = comparison.p;
      isFirstHigher[pair++] = comparison.superiority > 0.5 ? 1 : 0;
    }
  }
  const adjustment = holmAdjustment(values);
  const cutoff = adjustment.cutoff(DISTINCTION_LEVEL);
  const rawP = (one: number, other: number) =>
    values[pairAt(Math.min(one, other), Math.max(one, other), count)] as number;
  const means = sorted.map(meanOf);
  const order = means.map((_, at) => at).sort((a, b) => (means[b] as number) - (means[a] as number) || a - b);
  const better = new Int32Array(count);
  const worse = new Int32Array(count);
  pair = 0;
  for (let first = 0; first < count; first++) {
    for (let second = first + 1; second < count; second++, pair++) {
      if ((values[pair] as number) > cutoff) continue;
      const [higher, lower] = isFirstHigher[pair] === 1 ? [first, second] : [second, first];
      better[lower] = (better[lower] as number) + 1;
      worse[higher] = (worse[higher] as number) + 1;
    }
  }
  const ranks = sorted.map((_, at): [number, number] => [1 + (better[at] as number), count - (worse[at] as number)]);
  const isApart = (a: number, b: number) => rawP(order[a] as number, order[b] as number) <= cutoff;
  const p = (first: number, second: number) => (first === second ? 1 : adjustment.of(rawP(first, second)));
  const groups = stretches(count, isApart).map(([start, end]) => order.slice(start, end));
  return { order, ranks, groups, p };
}
