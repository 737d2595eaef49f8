/** Errors below this, in percent, are drawn as this: a logarithm has no zero. */
const SMALLEST_ERROR = 0.01;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90] as const;
/** The least part of the axis between two ticks. */
const TICK_GAP = 0.1;

/**
 * A scale of accuracies on which each halving of the error takes the same room, so that the good architectures, which differ
 * by tenths of a point, are as wide as the bad ones.
 */
export interface ErrorScale {
  /** Place of an accuracy in percent: 0 for the worst of the domain, 1 for the best. */
  readonly place: (accuracy: number) => number;
  /** Accuracies to label, with their places. */
  readonly ticks: readonly { readonly accuracy: number; readonly place: number }[];
}

const errorOf = (accuracy: number) => Math.max(SMALLEST_ERROR, 100 - accuracy);

/** @param worst in percent, below `best` @param best at most 100 */
export function errorScale(worst: number, best: number): ErrorScale {
  const whole = Math.log(errorOf(worst) / errorOf(best));
  const place = (accuracy: number) => (whole > 0 ? Math.log(errorOf(worst) / errorOf(accuracy)) / whole : 0.5);
  const ticks: { accuracy: number; place: number }[] = [];
  for (const error of [...TICKS].reverse()) {
    const at = place(100 - error);
    const last = ticks.at(-1)?.place ?? -1;
    if (at >= 0 && at <= 1 && at - last >= TICK_GAP) ticks.push({ accuracy: 100 - error, place: at });
  }
  return { place, ticks };
}
