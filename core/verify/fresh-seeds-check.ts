import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { Finding } from "../conformance/finding.ts";
import { hashOf } from "../random/seed.ts";
import { needsTraining } from "../runner/plan.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
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

/** Runs the method under fresh seeds. @returns the statistics of these runs; null if it did not come to that */
export async function checkFreshSeeds(method: SubmittedMethod): Promise<RunSummary | null> {
  let summary: RunSummary | null = null;
  await method.checks.make({
    name: "fresh-seeds",
    title: "runs under seeds that nobody could know are as good as the submitted ones",
    needs: ["statistics"],
    find: async () => {
      if (needsTraining(method.underTest.plugin.manifest)) {
        return { skipped: "so few runs of a method that trains can't be told apart from other ones" };
      }
      const protocol = freshProtocol(method.benchmark.protocol, method.base, method.read.submission.method.id);
      const fresh = await method.repeat("fresh-seeds", { protocol });
      if (fresh.faults.length > 0) return { faults: fresh.faults };
      summary = await fresh.summarize();
      return freshSeedsFinding(method.again.values(), fresh.values());
    },
  });
  return summary;
}
