import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { runKey } from "../records/record-file.ts";
import { buildEvaluationTable, type EvaluationTable } from "../runner/evaluation-table.ts";
import type { SearchView } from "../tables/search-view.ts";
import type { RepeatedRuns } from "./repeated-runs.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { traceFaults } from "./trace-faults.ts";

/**
 * Faults of a training, of a record or as a submission shows it, against the protocol's training budget; evaluations, which
 * such a method does not make; and a clock that runs backwards.
 */
export function trainingFaults(run: SubmittedRun, { trainingBudget }: Pick<Protocol, "trainingBudget">): string[] {
  const { training, incumbents, answers, failure } = run;
  if (training === undefined) return [`run ${runKey(run)} shows no training`];
  const faults: string[] = [];
  if (trainingBudget !== null && training.costMs > trainingBudget) {
    faults.push(`run ${runKey(run)} trained for ${training.costMs} ms, the protocol allows ${trainingBudget} ms`);
  }
  const times = [...training.epochs.map(([, spentMs]) => spentMs), training.costMs];
  if (times.some((time, at) => at > 0 && time < (times[at - 1] as number))) {
    faults.push(`run ${runKey(run)} has epochs that cost less than nothing`);
  }
  if (incumbents.length > 0) faults.push(`run ${runKey(run)} shows evaluations: a method that trains makes none`);
  const isOne = answers.length === 1 && answers[0]?.weight === 1;
  if (failure === undefined && !isOne) faults.push(`run ${runKey(run)} does not have one answer of weight 1`);
  return faults;
}

/** Faults of every trace of a session: see {@link traceFaults}. @throws NAS_TABLE_REFUSED, NAS_NOT_RECORDED */
export function everyTraceFaults(again: RepeatedRuns, table: SearchView): string[] {
  const { protocol } = again;
  const tables = new Map<string, EvaluationTable>(
    protocol.searches.map((search) => [search.id, buildEvaluationTable(table, search)]),
  );
  const faults: string[] = [];
  for (const record of again.records()) {
    const search = protocol.searches.find(({ id }) => id === record.search);
    const values = tables.get(record.search);
    if (search === undefined || values === undefined) faults.push(`run ${runKey(record)} is of no search`);
    else faults.push(...traceFaults(record, search, values));
  }
  return faults;
}

/** Checks every trace of the repeated runs; of a method that trains, what is shown of every run. */
export async function checkTraces(method: SubmittedMethod): Promise<void> {
  await method.checks.make({
    name: "budget",
    title: "no trace leaves the space, the split or the budget",
    needs: ["reruns"],
    find: () => ({
      faults: method.trains
        ? method.read.runs.flatMap((run) => trainingFaults(run, method.benchmark.protocol))
        : everyTraceFaults(method.again, method.table),
    }),
  });
}
