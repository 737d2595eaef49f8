import { elementary } from "nas-harness";

/** How kernels are made from data. */
export interface KernelRule {
  /** Number of values that a parameter can take. */
  readonly levels: number;
  readonly minBandwidth: number;
  /** hpbandster's rule instead of one that keeps kernels probabilities. */
  readonly quirks: boolean;
}

const NORMAL_REFERENCE = 1.06;

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt(squares / values.length);
}

/** Probability that two of the values, drawn with replacement, differ: 0 for a single value, below 1 - 1/levels. */
function disagreement(values: readonly number[], levels: number): number {
  const counts = new Array<number>(levels).fill(0);
  for (const value of values) (counts[value] as number)++;
  return 1 - counts.reduce((sum, count) => sum + (count / values.length) * (count / values.length), 0);
}

/**
 * A product of Aitchison-Aitken kernels over categorical parameters (statsmodels' KDEMultivariate with var_type "u").
 *
 * With quirks it does what hpbandster 0.7.4 makes of it: the bandwidth is Scott's rule on the category *numbers*, bounded
 * below but not above, so 1 - h may be negative; and the kernel spreads h over the values that occur in the data, so a
 * parameter with one value divides by zero. Without quirks the bandwidth is the data's disagreement times the same power
 * of n, at most (levels - 1) / levels (a uniform kernel), and h is spread over all other values.
 */
export class KernelDensity {
  /** The data, shape [n, parameters]. */
  readonly data: readonly (readonly number[])[];
  /** Bandwidth of each parameter, shape [parameters]. */
  readonly bandwidths: readonly number[];
  readonly #different: readonly number[];

  constructor(data: readonly (readonly number[])[], rule: KernelRule) {
    this.data = data;
    const parameters = data[0]?.length ?? 0;
    const shrink = elementary.pow(data.length, -1 / (4 + parameters));
    const byParameter = Array.from({ length: parameters }, (_, at) => data.map((datum) => datum[at] as number));
    this.bandwidths = byParameter.map((values) => {
      if (rule.quirks) return Math.max(NORMAL_REFERENCE * standardDeviation(values) * shrink, rule.minBandwidth);
      const bandwidth = disagreement(values, rule.levels) * shrink;
      return Math.min(Math.max(bandwidth, rule.minBandwidth), (rule.levels - 1) / rule.levels);
    });
    this.#different = byParameter.map((values, at) => {
      const levels = rule.quirks ? new Set(values).size : rule.levels;
      return (this.bandwidths[at] as number) / (levels - 1);
    });
  }

  /** Density at a point, shape [parameters]. With quirks it may be negative, infinite or NaN. */
  density(point: readonly number[]): number {
    let total = 0;
    for (const datum of this.data) {
      let product = 1;
      for (let at = 0; at < point.length; at++) {
        const same = datum[at] === point[at];
        product *= same ? 1 - (this.bandwidths[at] as number) : (this.#different[at] as number);
      }
      total += product;
    }
    return total / this.data.length;
  }
}
