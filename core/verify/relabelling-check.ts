import { meanAndStd } from "../statistics/run-statistics.ts";
import type { Finding } from "./check-list.ts";
import { compareValues, comparisonText, type Values } from "./value-comparison.ts";

/** Runs with permuted edges and operations, of each search. */
export const RELABELLED_RUNS = 100;
/** Below this one-sided p-value relabelled runs are worse. */
const SIGNIFICANT = 0.001;
/** A loss of less than this share of random search's standard deviation is not held against a method. */
const SHARE_OF_DEVIATION = 0.25;

/**
 * What relabelled runs say: a method that knows which cells are good loses, one that searches does not.
 * @param randomSearch values of random search under the same protocol, whose spread is the measure of a loss
 */
export function relabellingFinding(submitted: Values, relabelled: Values, randomSearch: Values): Finding {
  const comparisons = compareValues(submitted, relabelled, "other-lower").map((comparison) => {
    const values = randomSearch.get(comparison.column) ?? [];
    const tolerance = values.length === 0 ? 0 : SHARE_OF_DEVIATION * meanAndStd(values).std;
    return { ...comparison, tolerance };
  });
  const worse = comparisons.filter(
    ({ p, submitted: own, other, tolerance }) => p < SIGNIFICANT && own - other > tolerance,
  );
  const describe = (list: typeof comparisons) =>
    list.map(
      (one) =>
        `${comparisonText(one, "relabelled")}; a loss of ${one.tolerance.toFixed(3)} is a quarter of random search's standard deviation`,
    );
  if (worse.length > 0) return { faults: describe(worse) };
  return { faults: [], remarks: describe(comparisons) };
}
