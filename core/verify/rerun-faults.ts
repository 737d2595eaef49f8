import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { findSearch } from "../protocols/protocol-file.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { runKey } from "../records/record-file.ts";
import { submittedRunOf } from "../submissions/submitted-run.ts";
import type { RepeatedRuns } from "./repeated-runs.ts";

/**
 * Faults of submitted runs against the same runs made again, in other company and another order: digest, trajectory, answers.
 * @param digestsOnly false: also that what the submission shows of a run is what its record holds
 */
export function rerunFaults(submitted: readonly SubmittedRun[], again: RepeatedRuns, digestsOnly = false): string[] {
  if (again.stopped !== null) return [again.stopped];
  const expected = new Map(submitted.map((run) => [runKey(run), run]));
  const faults: string[] = [];
  for (const record of again.records()) {
    const run = expected.get(runKey(record));
    const made = submittedRunOf(record, findSearch(again.protocol, record.search));
    if (run === undefined) continue;
    const failed = made.failure === undefined ? "" : ` (it failed: ${record.failure?.code}: ${record.failure?.what})`;
    if (run.digest !== made.digest) {
      faults.push(
        `run ${runKey(run)}: digest ${run.digest.slice(0, 12)} was submitted, ${made.digest.slice(0, 12)} came out${failed}`,
      );
    } else if (!digestsOnly && canonicalJson(run) !== canonicalJson(made)) {
      faults.push(`run ${runKey(run)}: its digest is right, but what is shown of it is not what its record holds`);
    }
  }
  return faults;
}
