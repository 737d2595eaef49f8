import type { Finding } from "../conformance/finding.ts";
import { hashOf } from "../random/seed.ts";
import { runKey } from "../records/record-file.ts";
import { needsTraining, planRuns } from "../runner/plan.ts";
import { firstEpochFaults, makeFirstEpochs } from "./first-epochs.ts";
import { rerunFaults } from "./rerun-faults.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { drawnRun, expectedSeconds, LONGEST_WHOLE_RUN_SECONDS, leftOut } from "./whole-run.ts";

/** Makes one run again in full, from its beginning, and compares digests. */
async function findWholeRun(method: SubmittedMethod, at: number, count: number): Promise<Finding> {
  const run = method.read.runs[at];
  if (run === undefined) throw new RangeError(`there is no run at ${at}`);
  const again = await method.repeat("whole-run", {
    shard: { index: at + 1, count },
    mostSeconds: LONGEST_WHOLE_RUN_SECONDS,
  });
  if (again.isOverdue) {
    const minutes = LONGEST_WHOLE_RUN_SECONDS / 60;
    return { faults: [], remarks: [`run ${runKey(run)} was ended after ${minutes} minutes: it was not made in full`] };
  }
  const faults = rerunFaults([run], again);
  return { faults, remarks: [`run ${runKey(run)}, drawn from the base commit, was made again in full`] };
}

/**
 * Makes the first epoch of every submitted training again, and one whole run if it is short enough: trainings are too long
 * to be all made again. What is said of the later epochs of the other runs rests on the method's being the same.
 */
export async function findTrainings(method: SubmittedMethod): Promise<Finding> {
  const { submission, runs, summary } = method.read;
  const { protocol } = method.benchmark;
  if (!needsTraining(method.underTest.plugin.manifest)) {
    return { faults: ["its runs show trainings, but the plugin does not say that it needs training"] };
  }
  const plan = planRuns(protocol, [submission.method.id], submission.runs);
  const made = await makeFirstEpochs(method.laboratory, {
    ...{ protocol, method: method.underTest, count: submission.runs },
    shuffledBy: hashOf([method.base, "first-epochs"]),
  });
  const faults = runs.flatMap((run) => firstEpochFaults(run, made.get(runKey(run))));
  const remarks = [`the first epoch of ${runs.length} runs was made again`];
  const at = drawnRun(method.base, submission.method.id, plan.length);
  const drawn = runs[at];
  if (drawn === undefined || faults.length > 0) {
    return { faults, remarks: [...remarks, "no run was made again in full: it would begin as these"] };
  }
  const reason = leftOut(drawn, expectedSeconds(drawn, summary, made.get(runKey(drawn))));
  if (reason !== null) return { faults, remarks: [...remarks, reason] };
  const whole = await findWholeRun(method, at, plan.length);
  if ("skipped" in whole) return whole;
  return { faults: whole.faults, remarks: [...remarks, ...(whole.remarks ?? [])] };
}
