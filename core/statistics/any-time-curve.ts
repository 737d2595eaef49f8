/** A step of a run's trajectory: from this simulated time on, the incumbent's regret is this. */
export type RegretStep = readonly [spentMs: number, regret: number];

/** Quantiles over runs by simulated time; lists of the same length. null where a run has no incumbent yet. */
export interface QuantileCurve {
  readonly spentMs: readonly number[];
  readonly low: readonly (number | null)[];
  readonly median: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** Points of each of the two spacings, linear and logarithmic. */
const POINTS = 48;

/**
 * A quantile of ascending values, linear between neighbours as numpy's default (R. J. Hyndman and Y. Fan, Sample Quantiles in
 * Statistical Packages, The American Statistician 50, 1996, type 7).
 * @param sorted at least one value
 * @param share 0 to 1
 */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [one, two] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  return one + (place - below) * (two - one);
}

/**
 * Times at which a curve is read: evenly spaced and evenly in their logarithm, so that it can be drawn over both scales.
 * @param firstMs above 0
 * @param lastMs at least `firstMs`
 * @returns whole ms, ascending, each once
 */
export function curveTimes(firstMs: number, lastMs: number): number[] {
  const times = new Set<number>([firstMs, lastMs]);
  // Equal factors by repeated square roots would need a power; the ratio's steps are found by halving instead.
  const fill = (from: number, to: number, depth: number) => {
    if (depth === 0) return;
    const middle = Math.sqrt(from * to);
    times.add(Math.round(middle));
    fill(from, middle, depth - 1);
    fill(middle, to, depth - 1);
  };
  fill(firstMs, lastMs, 6);
  for (let at = 0; at <= POINTS; at++) times.add(Math.round(firstMs + ((lastMs - firstMs) * at) / POINTS));
  return [...times].sort((a, b) => a - b);
}

/**
 * Median, quarter and three quarters of the runs' regrets at each time.
 * @param runs each run's steps by ascending time, at least one run; a run without steps leaves every point null
 * @param times ascending, in simulated ms
 */
export function quantileCurve(runs: readonly (readonly RegretStep[])[], times: readonly number[]): QuantileCurve {
  const positions = new Int32Array(runs.length).fill(-1);
  const regrets = new Float64Array(runs.length);
  const curve = {
    spentMs: times,
    low: [] as (number | null)[],
    median: [] as (number | null)[],
    high: [] as (number | null)[],
  };
  let quantiles: readonly [number, number, number] | null = null;
  for (const time of times) {
    let isWhole = true;
    let hasMoved = false;
    for (let run = 0; run < runs.length; run++) {
      const steps = runs[run] as readonly RegretStep[];
      const from = positions[run] as number;
      let at = from;
      while (at + 1 < steps.length && (steps[at + 1] as RegretStep)[0] <= time) at++;
      if (at < 0) isWhole = false;
      if (at === from) continue;
      positions[run] = at;
      regrets[run] = (steps[at] as RegretStep)[1];
      hasMoved = true;
    }
    if (isWhole && (hasMoved || quantiles === null)) {
      const sorted = regrets.slice().sort();
      quantiles = [quantileOf(sorted, 0.25), quantileOf(sorted, 0.5), quantileOf(sorted, 0.75)];
    }
    const [low, median, high] = quantiles ?? [null, null, null];
    curve.low.push(low);
    curve.median.push(median);
    curve.high.push(high);
  }
  return curve;
}
