/** Percent, from a formula: what trials are like does not matter, only that it is the same everywhere. */
export const accuracyOf = (architecture: number): number => ((architecture * 7919) % 9973) / 100;
/** Seconds that an evaluation costs. */
export const secondsOf = (architecture: number): number => 100 + (architecture % 50);
/** The budget of a search. */
export const BUDGET_SECONDS = 12_000;
