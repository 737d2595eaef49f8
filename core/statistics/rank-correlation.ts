/** Kendall and Spearman correlation of two variables over the same items. */
export interface RankCorrelation {
  /** Number of items. */
  readonly n: number;
  /** Kendall's tau-b, -1 to 1; null where a variable is constant or n < 2. */
  readonly kendall: number | null;
  /** Spearman's rho over average ranks, -1 to 1; null where a variable is constant or n < 2. */
  readonly spearman: number | null;
}

type Numbers = ArrayLike<number>;

function requirePairs(x: Numbers, y: Numbers): void {
  if (x.length !== y.length) throw new RangeError(`two variables have ${x.length} and ${y.length} values`);
  for (let at = 0; at < x.length; at++) {
    if (Number.isNaN(x[at]) || Number.isNaN(y[at])) throw new RangeError(`value ${at} is NaN: it has no rank`);
  }
}

/** Number of pairs among `count` items. */
function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Sum of the pairs inside each run of equal neighbours; `equal(at)` compares items `at - 1` and `at`. */
function tiedPairs(length: number, equal: (at: number) => boolean): number {
  let total = 0;
  let run = 1;
  for (let at = 1; at <= length; at++) {
    if (at < length && equal(at)) run++;
    else {
      total += pairs(run);
      run = 1;
    }
  }
  return total;
}

/** Sorts in place by merging and returns how many pairs stood in the wrong order (equal ones do not count). */
function countInversions(values: Float64Array): number {
  const { length } = values;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(length);
  let inversions = 0;
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || (from[left] as number) <= (from[right] as number))) {
          to[at] = from[left++] as number;
        } else {
          inversions += middle - left;
          to[at] = from[right++] as number;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return inversions;
}

/**
 * Kendall's tau-b, which corrects for ties in either variable, in O(n log n) by Knight's method (W. R. Knight, A computer
 * method for calculating Kendall's tau with ungrouped data, JASA 61, 1966): sort by the first variable, then the
 * discordant pairs are the inversions of the second.
 * @param x shape [n], no NaN
 * @param y shape [n], no NaN
 * @returns -1 to 1, or null where a variable is constant or n < 2
 */
export function kendallTauB(x: Numbers, y: Numbers): number | null {
  requirePairs(x, y);
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, at) => at).sort(
    (a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number),
  );
  const first = Float64Array.from(order, (at) => x[at] as number);
  const second = Float64Array.from(order, (at) => y[at] as number);
  const tiedFirst = tiedPairs(n, (at) => first[at] === first[at - 1]);
  const tiedBoth = tiedPairs(n, (at) => first[at] === first[at - 1] && second[at] === second[at - 1]);
  const discordant = countInversions(second);
  const tiedSecond = tiedPairs(n, (at) => second[at] === second[at - 1]);
  const all = pairs(n);
  if (tiedFirst === all || tiedSecond === all) return null;
  const concordantLessDiscordant = all - tiedFirst - tiedSecond + tiedBoth - 2 * discordant;
  // One square root of the product, so that a variable correlates with itself by exactly 1.
  return concordantLessDiscordant / Math.sqrt((all - tiedFirst) * (all - tiedSecond));
}

/** Twice the average rank of each value, from 2 on: integers, so that sums of their products are exact. */
function doubledRanks(values: Numbers): Float64Array {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, at) => at).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  const ranks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && values[order[end] as number] === values[order[start] as number]) end++;
    for (let at = start; at < end; at++) ranks[order[at] as number] = start + 1 + end;
    start = end;
  }
  return ranks;
}

/**
 * Spearman's rho: Pearson's correlation of the ranks, equal values sharing their average rank.
 * @param x shape [n], no NaN
 * @param y shape [n], no NaN
 * @returns -1 to 1, or null where a variable is constant or n < 2
 */
export function spearmanRho(x: Numbers, y: Numbers): number | null {
  requirePairs(x, y);
  const n = x.length;
  const [first, second] = [doubledRanks(x), doubledRanks(y)];
  const mean = n + 1;
  let covariance = 0;
  let firstVariance = 0;
  let secondVariance = 0;
  for (let at = 0; at < n; at++) {
    const [a, b] = [(first[at] as number) - mean, (second[at] as number) - mean];
    covariance += a * b;
    firstVariance += a * a;
    secondVariance += b * b;
  }
  if (firstVariance === 0 || secondVariance === 0) return null;
  return covariance / Math.sqrt(firstVariance * secondVariance);
}

/** Both correlations of two variables. @throws RangeError if the lengths differ or a value is NaN */
export function rankCorrelation(x: Numbers, y: Numbers): RankCorrelation {
  return { n: x.length, kendall: kendallTauB(x, y), spearman: spearmanRho(x, y) };
}

/**
 * Positions of the largest values, ascending; of equal values at the border the earlier ones are taken.
 * @param count how many, 0 to the number of values
 */
export function topPositions(values: Numbers, count: number): number[] {
  const order = Array.from({ length: values.length }, (_, at) => at);
  order.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}
