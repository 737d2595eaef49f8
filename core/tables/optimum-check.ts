import type { ExpectedOptimum, TableCard } from "../../schemas/generated/table-card.ts";
import { classRepresentatives } from "../space/classes.ts";
import type { Architecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import type { MetricName } from "./column.ts";
import type { TrialLookup } from "./trial-lookup.ts";

/** Half of the second decimal, and what float32 may add to a mean of percents. */
const TOLERANCE = 0.005 + 1e-5;

/** An architecture and its mean accuracy in percent. */
export interface Best {
  readonly architecture: Architecture;
  readonly accuracy: number;
}

/** The architectures that a table's rows are keyed by, ascending: all of them, or the classes' representatives. */
export function keysOf(card: Pick<TableCard, "keyedBy">): Architecture[] {
  return card.keyedBy === "class" ? classRepresentatives() : Array.from({ length: ARCHITECTURE_COUNT }, (_, at) => at);
}

/** The highest mean of a metric and the first architecture that reaches it, or null if nothing is recorded. */
export function findBest(
  lookup: TrialLookup,
  keys: readonly Architecture[],
  metric: MetricName,
  epoch: number,
): Best | null {
  let best: Best | null = null;
  for (const architecture of keys) {
    const mean = lookup.mean(architecture, metric, epoch);
    if (mean !== null && (best === null || mean.value > best.accuracy)) best = { architecture, accuracy: mean.value };
  }
  return best;
}

/**
 * Compares a published optimum with a table's own: the best mean must equal it to two decimals, and the published
 * architecture, where one is published, must reach that best mean (others may share it).
 */
export function checkOptimum(
  lookup: TrialLookup,
  keys: readonly Architecture[],
  expected: ExpectedOptimum,
): { readonly best: Best | null; readonly problems: readonly string[] } {
  const metric: MetricName = `${expected.split}Accuracy`;
  const best = findBest(lookup, keys, metric, expected.epoch);
  if (best === null) return { best, problems: [`${metric} at epoch ${expected.epoch} is not recorded`] };
  const problems: string[] = [];
  if (Math.abs(best.accuracy - expected.accuracy) > TOLERANCE) {
    problems.push(`the best mean is ${best.accuracy.toFixed(2)}, published is ${expected.accuracy.toFixed(2)}`);
  }
  if (expected.architecture === undefined) return { best, problems };
  const own = lookup.mean(expected.architecture, metric, expected.epoch)?.value ?? null;
  if (own === null || own < best.accuracy) {
    const value = own === null ? "nothing" : own.toFixed(4);
    problems.push(
      `the best architecture is ${best.architecture} (${best.accuracy.toFixed(4)}), published is ${expected.architecture} (here ${value})`,
    );
  }
  return { best, problems };
}
