import { createHash } from "node:crypto";
import path from "node:path";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RecordTable, RunRecord } from "../../schemas/generated/record.ts";
import type { FailureCount, RunSummary, SummaryRow } from "../../schemas/generated/run-summary.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { hashOf } from "../random/seed.ts";
import { readMeasurements } from "../records/measurements.ts";
import { RECORDS_NAME, readRecords, runKey } from "../records/record-file.ts";
import { REVEALED_NAME, type RevealedRun, readRevealed } from "../records/reveal.ts";
import { INPUTS_NAME, readInputs } from "../records/session-inputs.ts";
import { columnStatistics } from "./run-statistics.ts";

const RUN_AGAIN =
  "run the same command again with --resume; it goes on where it stopped and reveals when all runs are there";

/** What a method's folder holds of its runs. */
interface MethodResults {
  readonly folder: string;
  readonly records: readonly RunRecord[];
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
function digestOfRecords(records: readonly RunRecord[]): string {
  const hash = createHash("sha256");
  for (const record of records) hash.update(`${record.digest}\n`);
  return hash.digest("hex");
}

function countFailures(records: readonly RunRecord[]): FailureCount[] {
  const counts = new Map<string, FailureCount>();
  for (const { failure } of records) {
    if (failure === null) continue;
    const count = counts.get(failure.code);
    if (count === undefined) counts.set(failure.code, { code: failure.code, runs: 1, what: failure.what });
    else count.runs++;
  }
  return [...counts.values()];
}

/** The values of one reported column of finished runs. @throws NAS_REVEAL_INCOMPLETE */
function valuesOf(results: MethodResults, finished: readonly RunRecord[], column: string): number[] {
  return finished.map((record) => {
    const value = results.revealed.get(runKey(record))?.columns[column];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new HarnessError("NAS_REVEAL_INCOMPLETE", {
      what: `run ${record.runIndex} of search ${record.search} has no value for ${column}`,
      where: path.join(results.folder, REVEALED_NAME),
      next: RUN_AGAIN,
    });
  });
}

function summarizeColumns(
  results: MethodResults,
  finished: readonly RunRecord[],
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
  const records = results.records.filter((record) => record.search === search.id);
  const finished = records.filter(({ failure }) => failure === null);
  const failures = countFailures(records);
  const spentMs = finished.map(({ trace }) => trace.reduce((sum, [, , , , costMs]) => sum + costMs, 0));
  const measured = finished.flatMap((record) => results.measured.get(runKey(record)) ?? []);
  const recordsDigest = digestOfRecords(records);
  return {
    runs: finished.length,
    failedRuns: records.length - finished.length,
    ...(failures.length === 0 ? {} : { failures }),
    distinctRuns: new Set(finished.map(({ trace }) => JSON.stringify(trace))).size,
    evaluationsPerRun: meanOf(finished.map(({ trace }) => trace.length)) ?? 0,
    searchSeconds: (meanOf(spentMs) ?? 0) / 1000,
    measuredCpuSeconds: meanOf(measured),
    recordsDigest,
    columns: summarizeColumns(results, finished, search, recordsDigest),
  };
}

/** Demands that records were made under this protocol on this table. @throws NAS_RECORD_CORRUPT */
function checkOrigin(folder: string, records: readonly RunRecord[], protocol: Protocol, table: RecordTable): void {
  const expected = `${protocol.id} ${protocol.version} on ${table.id} ${table.version} (${table.searchContentHash})`;
  records.forEach((record, at) => {
    const { id, version, searchContentHash } = record.table;
    const found = `${record.protocol.id} ${record.protocol.version} on ${id} ${version} (${searchContentHash})`;
    const isPlanned = protocol.searches.some((search) => search.id === record.search);
    if (found === expected && isPlanned) return;
    throw new HarnessError("NAS_RECORD_CORRUPT", {
      what: isPlanned
        ? `a record belongs to ${found}, not to ${expected}`
        : `a record belongs to search "${record.search}", which protocol ${protocol.id} does not have`,
      where: `${path.join(folder, RECORDS_NAME)}:${at + 1}`,
      next: "keep results of different protocols and tables in different folders",
    });
  });
}

/**
 * Summarises a method's finished and revealed results, one row a search of the protocol. Failed runs count as failed and
 * are in no column.
 * @param folder the method's result folder
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_RECORD_CORRUPT, NAS_REVEAL_INCOMPLETE
 */
export function summarizeMethod(folder: string, protocol: Protocol, table: RecordTable): RunSummary {
  const records = readRecords(folder);
  checkOrigin(folder, records, protocol, table);
  const inputs = readInputs(folder);
  if (inputs === null) {
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: `there is no ${INPUTS_NAME} that says what the records were made from`,
      where: path.join(folder, INPUTS_NAME),
      next: "restore it from a copy, or run again with --overwrite",
    });
  }
  const { id: method, version, title } = inputs.method;
  const results: MethodResults = {
    folder,
    records,
    revealed: new Map(readRevealed(folder).map((run) => [runKey(run), run])),
    measured: readMeasurements(folder),
  };
  return {
    protocol: { id: protocol.id, version: protocol.version },
    table: { id: table.id, version: table.version, searchContentHash: table.searchContentHash },
    rows: protocol.searches.map((search) => ({
      method,
      version,
      title,
      search: search.id,
      options: inputs.options,
      ...summarizeSearch(results, search),
    })),
  };
}
