import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { runKey } from "../records/record-file.ts";
import type { EvaluationTable } from "../runner/evaluation-table.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";

/** Whether some trial (or the mean) of an architecture has these values at these epochs on the protocol's split. */
function isOfTable(table: EvaluationTable, entry: RunRecord["trace"][number]): boolean {
  const [architecture, epochs, trialSeed, accuracy, costMs] = entry;
  const [first, end] = [table.firstSlot[architecture] as number, table.firstSlot[architecture + 1] as number];
  for (let slot = first; slot < end; slot++) {
    if (
      table.trialSeed[slot] === (trialSeed ?? -1) &&
      table.accuracy.get(epochs)?.[slot] === accuracy &&
      table.costMs.get(epochs)?.[slot] === costMs
    ) {
      return true;
    }
  }
  return false;
}

/**
 * Faults of a record's trace, found without the runner's guards: proposals outside of the space, epochs that the protocol does
 * not offer, values that the protocol's split does not have, and a budget that was crossed.
 */
export function traceFaults(record: RunRecord, search: ProtocolSearch, table: EvaluationTable): string[] {
  const { kind, limit, crossing } = search.budget;
  const run = `run ${runKey(record)}`;
  let spent = 0;
  for (const [at, entry] of record.trace.entries()) {
    const [architecture, epochs, , , costMs] = entry;
    const place = `${run}, evaluation ${at + 1}`;
    if (!(architecture >= 0 && architecture < ARCHITECTURE_COUNT))
      return [`${place}: ${architecture} is no architecture`];
    if (!search.fidelities.includes(epochs)) return [`${place}: ${epochs} epochs are not offered`];
    if (!isOfTable(table, entry)) return [`${place}: the values are not those of ${search.dataset}, ${search.split}`];
    if (spent >= limit) return [`${place}: nothing of the budget was left`];
    spent += kind === "simulated-ms" ? costMs : kind === "epochs" ? epochs : 1;
    const mayCross = crossing === "keep-and-interpolate" && at === record.trace.length - 1;
    if (spent > limit && !mayCross) return [`${place}: ${spent} of ${limit} ${kind} were spent`];
  }
  return [];
}
