import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { AlgorithmSubmission, Submission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { runKey } from "../records/record-file.ts";
import { recordTable } from "../records/session.ts";
import { protocolSha256 } from "../records/session-inputs.ts";
import { planRuns } from "../runner/plan.ts";
import type { ShippedBenchmark } from "../submissions/shipped-benchmarks.ts";
import type { SearchView } from "../tables/search-view.ts";

/** The shipped benchmark that a submission names, or null. */
export function benchmarkNamed(
  submission: Submission,
  benchmarks: readonly ShippedBenchmark[],
): ShippedBenchmark | null {
  return benchmarks.find(({ protocol }) => protocolSha256(protocol) === submission.protocol.sha256) ?? null;
}

/** Faults of a submission whose protocol or table is not one that everybody has. */
export function benchmarkFaults(submission: Submission, benchmark: ShippedBenchmark | null, table: SearchView | null) {
  const { id, version, sha256 } = submission.protocol;
  if (benchmark === null || table === null) {
    return [`no protocol that ships here, with its table, is ${id} ${version} with content ${sha256.slice(0, 12)}`];
  }
  const { protocol } = benchmark;
  const faults: string[] = [];
  if (protocol.id !== id || protocol.version !== version) {
    faults.push(`the protocol's content is that of ${protocol.id} ${protocol.version}, not of ${id} ${version}`);
  }
  if (canonicalJson(recordTable(table)) !== canonicalJson(submission.table)) {
    const { id: found, version: of, searchContentHash: content } = recordTable(table);
    const named = submission.table;
    faults.push(
      `the table is ${named.id} ${named.version} with content ${named.searchContentHash.slice(0, 12)}; here it is ${found} ${of} with content ${content.slice(0, 12)}`,
    );
  }
  return faults;
}

/**
 * Faults of the runs against the plan: each planned one once, in the plan's order, with the seed that it has there.
 * @param count runs of each search that the protocol plans of such a method
 */
export function planFaults(
  submission: AlgorithmSubmission,
  runs: readonly SubmittedRun[],
  protocol: Protocol,
  count: number = protocol.runs,
): string[] {
  const planned = planRuns(protocol, [submission.method.id], count);
  const faults: string[] = [];
  if (submission.runs !== count) {
    faults.push(`${submission.runs} runs of each search are claimed; protocol ${protocol.id} has ${count}`);
  }
  const byKey = new Map<string, SubmittedRun>();
  for (const run of runs) {
    if (byKey.has(runKey(run))) faults.push(`run ${runKey(run)} is there twice`);
    byKey.set(runKey(run), run);
  }
  for (const { search, runIndex, seed } of planned) {
    const key = runKey({ search, runIndex });
    const run = byKey.get(key);
    byKey.delete(key);
    if (run === undefined) faults.push(`run ${key} is missing`);
    else if (run.seed !== seed) faults.push(`run ${key} has a seed that the protocol's master seed does not give it`);
  }
  for (const key of byKey.keys()) faults.push(`run ${key} is not planned`);
  const isOrdered = runs.every((run, at) => planned[at] !== undefined && runKey(run) === runKey(planned[at]));
  if (faults.length === 0 && !isOrdered) faults.push("the runs are not in the plan's order");
  return faults;
}

/** Faults of a submission with failed runs: it may be shown, as 497/500, but not verified. */
export function failureFaults(submission: AlgorithmSubmission, runs: readonly SubmittedRun[]): string[] {
  const failed = runs.filter(({ failure }) => failure !== undefined);
  const faults = failed.map((run) => `run ${runKey(run)} failed with ${run.failure}`);
  if (failed.length !== submission.failedRuns) {
    faults.unshift(`${submission.failedRuns} failed runs are claimed, ${failed.length} are in the list`);
  }
  return faults;
}
