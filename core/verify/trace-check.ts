import { runKey } from "../records/record-file.ts";
import { buildEvaluationTable, type EvaluationTable } from "../runner/evaluation-table.ts";
import type { SearchView } from "../tables/search-view.ts";
import type { RepeatedRuns } from "./repeated-runs.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { traceFaults } from "./trace-faults.ts";

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

/** Checks every trace of the repeated runs. */
export async function checkTraces(method: SubmittedMethod): Promise<void> {
  await method.checks.make({
    name: "budget",
    title: "no trace leaves the space, the split or the budget",
    needs: ["reruns"],
    find: () => ({ faults: everyTraceFaults(method.again, method.table) }),
  });
}
