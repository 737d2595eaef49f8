/** Something that a search may draw. */
export interface DrawnItem {
  /** What the search ranks by; higher is better. */
  readonly score: number;
  /** What the item is worth. */
  readonly value: number;
  /** How likely it is drawn, relative to the others; above 0. */
  readonly weight: number;
}

/** Items of one score. */
interface Level {
  /** Probability that a draw has at most this score. */
  readonly atMost: number;
  /** Weighted mean of the items' values. */
  readonly value: number;
}

/** x to the power of a whole number of 1 or more, by squaring. */
function power(x: number, exponent: number): number {
  if (exponent === 1) return x;
  const half = power(x * x, Math.floor(exponent / 2));
  return exponent % 2 === 1 ? half * x : half;
}

function levelsOf(items: readonly DrawnItem[]): Level[] {
  const sorted = [...items].sort((a, b) => a.score - b.score);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const levels: Level[] = [];
  let below = 0;
  for (let start = 0; start < sorted.length; ) {
    let [end, weight, worth] = [start, 0, 0];
    for (; end < sorted.length && sorted[end]?.score === sorted[start]?.score; end++) {
      const item = sorted[end] as DrawnItem;
      weight += item.weight;
      worth += item.weight * item.value;
    }
    below += weight;
    levels.push({ atMost: end === sorted.length ? 1 : below / total, value: worth / weight });
    start = end;
  }
  return levels;
}

/**
 * What a random search is worth on average: the expected value of the item with the highest score among independent draws
 * with replacement, computed from the distribution of the highest score, without sampling. Items that share the highest
 * score are equally good picks, by their weights.
 * @param items at least one
 * @param draws how many, from 1; Infinity: every item is drawn
 */
export function expectedValueOfBest(items: readonly DrawnItem[], draws: number): number {
  const levels = levelsOf(items);
  const best = levels.at(-1);
  if (best === undefined) throw new RangeError("there is nothing to draw");
  if (draws === Number.POSITIVE_INFINITY) return best.value;
  if (!Number.isInteger(draws) || draws < 1) throw new RangeError(`${draws} draws: a whole number from 1`);
  let [expected, before] = [0, 0];
  for (const { atMost, value } of levels) {
    const chance = power(atMost, draws);
    expected += (chance - before) * (value - best.value);
    before = chance;
  }
  return best.value + expected;
}
