/** Variances of a one-way random-effects model: value = mean + effect of the group + noise. */
export interface VarianceComponents {
  readonly groups: number;
  /** Values of each group. */
  readonly perGroup: number;
  /** Variance of the noise: the mean square within groups. Unbiased. */
  readonly within: number;
  /** Variance of the groups' effects. Unbiased, so it may come out below 0. */
  readonly between: number;
}

/** Mean of at least one value, exact where all are equal. */
function meanOf(values: readonly number[]): number {
  const first = values[0] as number;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

const sumOfSquares = (values: readonly number[], mean: number) =>
  values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);

/**
 * Estimates the variances from equally large groups by the analysis of variance (S. R. Searle, G. Casella and C. E.
 * McCulloch, Variance Components, 1992, chapter 3): within is the mean square within groups, between is the mean square
 * between groups less that, divided by the values of a group.
 * @param values shape [groups][perGroup], at least two groups of at least two
 * @throws RangeError for other shapes
 */
export function varianceComponents(values: readonly (readonly number[])[]): VarianceComponents {
  const groups = values.length;
  const perGroup = values[0]?.length ?? 0;
  if (groups < 2 || perGroup < 2) throw new RangeError(`${groups} groups of ${perGroup}: at least 2 of 2 are needed`);
  if (values.some((own) => own.length !== perGroup)) throw new RangeError("the groups are not equally large");
  const means = values.map(meanOf);
  const squares = values.map((own, at) => sumOfSquares(own, means[at] as number));
  const within = squares.reduce((sum, own) => sum + own, 0) / (groups * (perGroup - 1));
  const variance = sumOfSquares(means, meanOf(means)) / (groups - 1);
  return { groups, perGroup, within, between: variance - within / perGroup };
}

/**
 * Share of the variance of means over `count` values of a group that is noise, 0 to 1: one less the intraclass correlation
 * (P. E. Shrout and J. L. Fleiss, Intraclass correlations, Psychological Bulletin 86, 1979), ICC(1,1) for single values. An
 * estimate of `between` below 0 counts as 0. Null where nothing varies.
 */
export function noiseShare(components: Pick<VarianceComponents, "within" | "between">, count: number): number | null {
  const noise = components.within / count;
  const total = Math.max(0, components.between) + noise;
  return total === 0 ? null : noise / total;
}
