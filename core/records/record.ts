import { createHash } from "node:crypto";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RecordConstraint, RecordTable, RunRecord, Versioned } from "../../schemas/generated/record.ts";
import { runRecord as validator } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { checkDocument, parseJson } from "../files/json-file.ts";
import type { RunOutcome } from "../runner/active-run.ts";
import type { PlannedRun } from "../runner/plan.ts";
import { canonicalJson } from "./canonical-json.ts";

/** What all records of one method under one protocol share. */
export interface RecordHead {
  readonly protocol: Pick<Protocol, "id" | "version">;
  readonly table: RecordTable;
  readonly method: Versioned;
  /** All options, defaults included. */
  readonly options: Record<string, unknown>;
  /** The constraints of each search that has any. */
  readonly constraints?: ReadonlyMap<string, readonly RecordConstraint[]>;
}

/** SHA-256 over the canonical JSON of a record without its digest. */
export function digestOf(record: Omit<RunRecord, "digest">): string {
  return createHash("sha256").update(canonicalJson(record)).digest("hex");
}

/**
 * The record of a run. The same inputs give the same record, byte for byte, on any machine.
 * @throws RangeError for a run that a check stopped before its end: it is no result
 */
export function makeRecord(head: RecordHead, run: PlannedRun, outcome: RunOutcome): RunRecord {
  if (outcome.stoppedAfter !== undefined) {
    throw new RangeError(
      `run ${run.runIndex} was stopped after ${outcome.stoppedAfter} epochs: there is no record of it`,
    );
  }
  const constraints = head.constraints?.get(run.search);
  const content: Omit<RunRecord, "digest"> = {
    format: 1,
    protocol: { id: head.protocol.id, version: head.protocol.version },
    table: head.table,
    method: head.method,
    options: head.options,
    search: run.search,
    ...(constraints === undefined ? {} : { constraints: [...constraints] }),
    runIndex: run.runIndex,
    seed: run.seed,
    trace: outcome.trace as RunRecord["trace"],
    answers: [...outcome.answers],
    refusedBy: [...outcome.refusedBy],
    failure: outcome.failure,
    ...(outcome.training === undefined ? {} : { training: outcome.training }),
  };
  return { ...content, digest: digestOf(content) };
}

/** One line of records.jsonl, without the line feed. */
export function formatRecord(record: RunRecord): string {
  return canonicalJson(record);
}

/**
 * Reads one line of records.jsonl and checks it against its schema and its own digest.
 * @param where file and line, for messages
 * @throws NAS_RECORD_CORRUPT
 */
export function parseRecord(line: string, where: string): RunRecord {
  let document: unknown;
  try {
    document = parseJson(line, where);
  } catch (cause) {
    throw corrupt("a record is not valid JSON", where, cause);
  }
  const record = checkDocument<RunRecord>(document, validator, where, "NAS_RECORD_CORRUPT");
  const { digest, ...content } = record;
  const computed = digestOf(content);
  if (computed !== digest) throw corrupt(`a record's digest is ${digest}, its content gives ${computed}`, where);
  return record;
}

function corrupt(what: string, where: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_RECORD_CORRUPT", {
    what,
    where,
    next: "delete that line (or the file) and run again with --resume: only missing runs are executed",
    cause,
  });
}
