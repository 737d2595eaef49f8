import { SPLITS, type TrialResult } from "../trial.ts";

/** Position of the first value that differs in a bit, or -1; every NaN counts as equal to every other. */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) if (!Object.is(a[at], b[at])) return at;
  return -1;
}

/** What differs between a stored training and its repetition, one sentence a difference; none if they are equal. */
export function trialDifferences(stored: TrialResult, repeated: TrialResult): string[] {
  const differences: string[] = [];
  for (const split of SPLITS) {
    for (const kind of ["loss", "accuracy"] as const) {
      const [before, now] = [stored.curves[split][kind], repeated.curves[split][kind]];
      const at = firstDifference(before, now);
      if (at < 0) continue;
      const shown = (value: number | undefined) => value ?? "nothing";
      differences.push(
        `${split} ${kind} after epoch ${at + 1}: stored ${shown(before[at])}, trained again ${shown(now[at])}`,
      );
    }
  }
  if (stored.weightsSha256 !== repeated.weightsSha256) {
    differences.push(`weights: stored ${stored.weightsSha256}, trained again ${repeated.weightsSha256}`);
  }
  return differences;
}
