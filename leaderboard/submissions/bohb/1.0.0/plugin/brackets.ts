/** One rung of a bracket. */
export interface Rung {
  /** Position of the rung's budget, from 0 (lowest) upwards. */
  readonly level: number;
  /** Number of configurations that are evaluated on it. */
  readonly configurations: number;
}

/** Budgets of all rungs, ascending: max, max / eta, … down to at least min. */
export function rungBudgets(minBudget: number, maxBudget: number, eta: number): number[] {
  const count = Math.floor(Math.log(maxBudget / minBudget) / Math.log(eta)) + 1;
  const budgets = [maxBudget];
  for (let rung = 1; rung < count; rung++) budgets.unshift((budgets[0] as number) / eta);
  return budgets;
}

/**
 * The rungs of Hyperband's bracket number `index`, as hpbandster numbers them: brackets start at the lowest budget, then
 * at the next higher one, and so on in turn (Li et al., Hyperband, 2018, algorithm 1).
 */
export function bracketRungs(index: number, levels: number, eta: number): Rung[] {
  const promotions = levels - 1 - (index % levels);
  const widths = [1];
  for (let rung = 0; rung < promotions; rung++) widths.push((widths[rung] as number) * eta);
  const start = Math.floor(Math.floor(levels / (promotions + 1)) * (widths[promotions] as number));
  return Array.from({ length: promotions + 1 }, (_, rung) => ({
    level: levels - 1 - promotions + rung,
    configurations: Math.max(1, Math.floor(start / (widths[rung] as number))),
  }));
}
