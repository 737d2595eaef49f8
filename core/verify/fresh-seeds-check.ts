import type { Protocol } from "../../schemas/generated/protocol.ts";
import { hashOf } from "../random/seed.ts";
import type { Finding } from "./check-list.ts";
import { compareValues, comparisonText, type Values } from "./value-comparison.ts";

/** Below this p-value submitted runs and fresh ones are told apart. */
const SIGNIFICANT = 0.001;

/**
 * The protocol with a master seed that nobody could know when the submission was made.
 * @param base the commit on which the submission is based
 */
export function freshProtocol(protocol: Protocol, base: string, method: string): Protocol {
  return { ...protocol, masterSeed: hashOf(["nas-harness/fresh-seeds", base, method]) };
}

/** What runs under fresh seeds say of the submitted ones. */
export function freshSeedsFinding(submitted: Values, fresh: Values): Finding {
  const comparisons = compareValues(submitted, fresh, "differ");
  const describe = (list: typeof comparisons) => list.map((one) => comparisonText(one, "under fresh seeds"));
  const different = comparisons.filter(({ p }) => p < SIGNIFICANT);
  if (different.length > 0) return { faults: describe(different) };
  return { faults: [], remarks: describe(comparisons) };
}
