import { createHash } from "node:crypto";
import path from "node:path";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RecordTable } from "../../schemas/generated/record.ts";
import type { FailureCount, RunSummary, SummaryRow } from "../../schemas/generated/run-summary.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { hashOf } from "../random/seed.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { readMeasurements } from "../records/measurements.ts";
import { runKey } from "../records/record-file.ts";
import { REVEALED_NAME, type RevealedRun, readRevealed } from "../records/reveal.ts";
import { INPUTS_NAME, readInputs, type SessionInputs } from "../records/session-inputs.ts";
import { type RunFacts, readRunFacts } from "./run-facts.ts";
import { columnStatistics } from "./run-statistics.ts";

const RUN_AGAIN =
  "run the same command again with --resume; it goes on where it stopped and reveals when all runs are there";

/** What is known of a method's runs. */
export interface MethodResults {
  /** Where they are, for messages. */
  readonly folder: string;
  readonly runs: readonly RunFacts[];
  /** By run key. */
  readonly revealed: ReadonlyMap<string, RevealedRun>;
  /** CPU seconds by run key. */
  readonly measured: ReadonlyMap<string, number>;
}

/** The mean of a list, or null of an empty one. */
function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** SHA-256 over the digests of runs, in order. */
function digestOfRecords(runs: readonly RunFacts[]): string {
  const hash = createHash("sha256");
  for (const { digest } of runs) hash.update(`${digest}\n`);
  return hash.digest("hex");
}

function countFailures(runs: readonly RunFacts[]): FailureCount[] {
  const counts = new Map<string, FailureCount>();
  for (const { failure } of runs) {
    if (failure === null) continue;
    const count = counts.get(failure.code);
    if (count === undefined) counts.set(failure.code, { code: failure.code, runs: 1, what: failure.what });
    else count.runs++;
  }
  return [...counts.values()];
}

/** The constraints that all runs of a search were made under. @throws NAS_RECORD_CORRUPT if they differ */
function constraintsOf(folder: string, runs: readonly RunFacts[]): SummaryRow["constraints"] {
  const [first] = runs;
  const textOf = ({ constraints = [] }: RunFacts) => canonicalJson(constraints);
  const other = runs.find((run) => textOf(run) !== textOf(first as RunFacts));
  if (other === undefined) return first?.constraints;
  throw new HarnessError("NAS_RECORD_CORRUPT", {
    what: `runs of search ${other.search} were made under different constraints: ${textOf(first as RunFacts)} and ${textOf(other)}`,
    where: folder,
    next: "keep results of different protocols and tables in different folders",
  });
}

/** The values of one reported column of finished runs. @throws NAS_REVEAL_INCOMPLETE */
function valuesOf(results: MethodResults, finished: readonly RunFacts[], column: string): number[] {
  return finished.map((run) => {
    const value = results.revealed.get(runKey(run))?.columns[column];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new HarnessError("NAS_REVEAL_INCOMPLETE", {
      what: `run ${run.runIndex} of search ${run.search} has no value for ${column}`,
      where: path.join(results.folder, REVEALED_NAME),
      next: RUN_AGAIN,
    });
  });
}

function summarizeColumns(
  results: MethodResults,
  finished: readonly RunFacts[],
  search: ProtocolSearch,
  recordsDigest: string,
): SummaryRow["columns"] {
  const names = search.report.map(({ column }) => column);
  if (finished.length === 0) return Object.fromEntries(names.map((name) => [name, null]));
  const columns = new Map(names.map((name) => [name, valuesOf(results, finished, name)]));
  // Seeded by what was measured, so that anybody who holds the records computes the same interval.
  return Object.fromEntries(columnStatistics(columns, hashOf(["nas-harness/bootstrap", recordsDigest])));
}

function summarizeSearch(
  results: MethodResults,
  search: ProtocolSearch,
): Omit<SummaryRow, "method" | "version" | "title" | "search" | "options"> {
  const runs = results.runs.filter((run) => run.search === search.id);
  const finished = runs.filter(({ failure }) => failure === null);
  const failures = countFailures(runs);
  const measured = finished.flatMap((run) => results.measured.get(runKey(run)) ?? []);
  const recordsDigest = digestOfRecords(runs);
  const constraints = constraintsOf(results.folder, runs);
  return {
    ...(constraints === undefined ? {} : { constraints }),
    runs: finished.length,
    failedRuns: runs.length - finished.length,
    ...(failures.length === 0 ? {} : { failures }),
    distinctRuns: new Set(finished.map(({ trajectory }) => trajectory)).size,
    evaluationsPerRun: meanOf(finished.map(({ evaluations }) => evaluations)) ?? 0,
    searchSeconds: (meanOf(finished.map(({ spentMs }) => spentMs)) ?? 0) / 1000,
    measuredCpuSeconds: meanOf(measured),
    recordsDigest,
    columns: summarizeColumns(results, finished, search, recordsDigest),
  };
}

/**
 * Summarises a method's finished and revealed results, one row a search of the protocol. Failed runs count as failed and
 * are in no column.
 * @param folder the method's result folder
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_RECORD_CORRUPT, NAS_REVEAL_INCOMPLETE
 */
export function summarizeMethod(folder: string, protocol: Protocol, table: RecordTable): RunSummary {
  const runs = readRunFacts(folder, protocol, table);
  const inputs = readInputs(folder);
  if (inputs === null) {
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: `there is no ${INPUTS_NAME} that says what the records were made from`,
      where: path.join(folder, INPUTS_NAME),
      next: "restore it from a copy, or run again with --overwrite",
    });
  }
  return summarizeResults(inputs, protocol, table, {
    folder,
    runs,
    revealed: new Map(readRevealed(folder).map((run) => [runKey(run), run])),
    measured: readMeasurements(folder),
  });
}

/**
 * Summarises revealed results wherever they come from, one row a search of the protocol.
 * @throws NAS_REVEAL_INCOMPLETE
 */
export function summarizeResults(
  made: Pick<SessionInputs, "method" | "options">,
  protocol: Protocol,
  table: RecordTable,
  results: MethodResults,
): RunSummary {
  const { id: method, version, title } = made.method;
  return {
    protocol: { id: protocol.id, version: protocol.version },
    table: { id: table.id, version: table.version, searchContentHash: table.searchContentHash },
    rows: protocol.searches.map((search) => ({
      method,
      version,
      title,
      search: search.id,
      options: made.options,
      ...summarizeSearch(results, search),
    })),
  };
}
