import { createHash } from "node:crypto";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RecordTable, RunRecord } from "../../schemas/generated/record.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { lineName } from "../files/text-lines.ts";
import { eachRecord, type PlacedRecord } from "../records/record-file.ts";

/** What a summary takes from a record: traces are too large to hold those of a whole plan. */
export interface RunFacts extends Pick<RunRecord, "search" | "runIndex" | "digest" | "failure" | "constraints"> {
  /** SHA-256 of the trace: equal for equal trajectories. */
  readonly trajectory: string;
  /** Number of evaluations. */
  readonly evaluations: number;
  /** Sum of their costs, or that of the training, in simulated ms. */
  readonly spentMs: number;
}

function factsOf({ search, runIndex, digest, failure, constraints, trace, training }: RunRecord): RunFacts {
  return {
    search,
    runIndex,
    digest,
    failure,
    ...(constraints === undefined ? {} : { constraints }),
    trajectory: createHash("sha256")
      .update(JSON.stringify(training === undefined ? trace : training.epochs))
      .digest("hex"),
    evaluations: trace.length,
    spentMs: training?.costMs ?? trace.reduce((sum, [, , , , costMs]) => sum + costMs, 0),
  };
}

/** Demands that a record was made under this protocol on this table. @throws NAS_RECORD_CORRUPT */
function checkOrigin({ record, place }: PlacedRecord, protocol: Protocol, table: RecordTable): void {
  const nameOf = (of: RunRecord["protocol"], on: RecordTable) =>
    `${of.id} ${of.version} on ${on.id} ${on.version} (${on.searchContentHash})`;
  const [expected, found] = [nameOf(protocol, table), nameOf(record.protocol, record.table)];
  const isPlanned = protocol.searches.some((search) => search.id === record.search);
  if (found === expected && isPlanned) return;
  throw new HarnessError("NAS_RECORD_CORRUPT", {
    what: isPlanned
      ? `a record belongs to ${found}, not to ${expected}`
      : `a record belongs to search "${record.search}", which protocol ${protocol.id} does not have`,
    where: lineName(place),
    next: "keep results of different protocols and tables in different folders",
  });
}

/**
 * The facts of a method's finished runs, in the order of the plan.
 * @param folder the method's result folder
 * @throws NAS_FILE_NOT_FOUND, NAS_RECORD_CORRUPT, also if a record was made under another protocol or on another table
 */
export function readRunFacts(folder: string, protocol: Protocol, table: RecordTable): RunFacts[] {
  const facts: RunFacts[] = [];
  for (const placed of eachRecord(folder)) {
    checkOrigin(placed, protocol, table);
    facts.push(factsOf(placed.record));
  }
  return facts;
}
