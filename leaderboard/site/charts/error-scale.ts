/** Errors below this, in percent, are drawn as this: a logarithm has no zero. */
const SMALLEST_ERROR = 0.01;
/** Steps between ticks in percent, times ten: whole numbers, so that their multiples are exact. */
const STEPS = [100, 50, 20, 10, 5, 2, 1] as const;
const FEWEST_TICKS = 4;
/** The least part of the axis between two ticks. */
const TICK_GAP = 0.09;

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
  const multiples = (step: number) => {
    const first = Math.ceil((worst * 10) / step);
    const count = Math.floor((best * 10) / step) - first + 1;
    return Array.from({ length: Math.max(0, count) }, (_, at) => ((first + at) * step) / 10);
  };
  const step = STEPS.find((candidate) => multiples(candidate).length >= FEWEST_TICKS) ?? 1;
  const ticks: { accuracy: number; place: number }[] = [];
  // From the best down, where there is most room.
  for (const accuracy of multiples(step).reverse()) {
    const at = place(accuracy);
    if ((ticks.at(-1)?.place ?? 2) - at >= TICK_GAP) ticks.push({ accuracy, place: at });
  }
  return { place, ticks: ticks.reverse() };
}
