import type { Finding } from "../conformance/finding.ts";
import { resolveOptions } from "../plugins/options.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { needsTraining } from "../runner/plan.ts";
import { meanAndStd } from "../statistics/run-statistics.ts";
import { freshProtocol } from "./fresh-seeds-check.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { compareValues, comparisonText, type Values } from "./value-comparison.ts";

/** Runs with permuted edges and operations, of each search. */
const RELABELLED_RUNS = 100;
/** Runs of random search that say how far chance alone spreads. */
const RANDOM_SEARCH_RUNS = 200;
/** Below this one-sided p-value relabelled runs are worse. */
const SIGNIFICANT = 0.001;
/** A loss of less than this share of random search's standard deviation is not held against a method. */
const SHARE_OF_DEVIATION = 0.25;

const ADVICE_ON_PRIORS =
  'a method that needs to know what operations and edges mean declares that as "priors" in its manifest; then this check is skipped, and said so';

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

/** Runs the method with permuted edges and operations, and random search beside it. */
export async function checkRelabelling(method: SubmittedMethod): Promise<void> {
  const { priors } = method.read.submission;
  await method.checks.make({
    name: "relabelling",
    title: "the method is as good when edges and operations have other names",
    needs: ["statistics"],
    find: async () => {
      if (needsTraining(method.underTest.plugin.manifest)) {
        return { skipped: "to a method that trains, operations are what they compute: there are no other names" };
      }
      if (priors.length > 0) return { skipped: `the method declares priors: ${priors.join("; ")}` };
      const protocol = freshProtocol(method.benchmark.protocol, method.base, "relabelling");
      const relabelled = await method.repeat("relabelled", {
        ...{ protocol, runs: Math.min(RELABELLED_RUNS, protocol.runs), isRelabelled: true },
      });
      if (relabelled.faults.length > 0) return { faults: [...relabelled.faults, ADVICE_ON_PRIORS] };
      await relabelled.summarize();
      const rs = locateAlgorithm("rs");
      const random = await method.repeat("random-search", {
        protocol: method.benchmark.protocol,
        runs: Math.min(RANDOM_SEARCH_RUNS, protocol.runs),
        method: { plugin: rs, options: resolveOptions(rs.manifest, protocol), guest: null },
      });
      await random.summarize();
      return relabellingFinding(method.again.values(), relabelled.values(), random.values());
    },
  });
}
