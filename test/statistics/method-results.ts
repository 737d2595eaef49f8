import { mkdirSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { hashOf, runSeed } from "../../core/random/seed.ts";
import { appendMeasurement } from "../../core/records/measurements.ts";
import { PartialRecords, writeRecords } from "../../core/records/partial-records.ts";
import { makeRecord } from "../../core/records/record.ts";
import { methodFolder } from "../../core/records/result-folder.ts";
import { REVEALED_NAME } from "../../core/records/reveal.ts";
import { writeInputs } from "../../core/records/session-inputs.ts";
import type { RunOutcome } from "../../core/runner/active-run.ts";
import type { PlannedRun } from "../../core/runner/plan.ts";
import { summarizeMethod } from "../../core/statistics/summary.ts";
import { writeSummary } from "../../core/statistics/summary-file.ts";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RecordTable, TrainingTrace } from "../../schemas/generated/record.ts";

/** One made-up run. */
export interface MadeUpRun {
  /** The protocol's search; its first one unless given. */
  readonly search?: string;
  /** Reported values by column; a number stands in every column. Not revealed if left out. */
  readonly values?: number | Readonly<Record<string, number>>;
  /** Rewards in percent of the evaluations, 90 unless given, each at the epoch at which the search's answers are chosen. */
  readonly rewards?: readonly number[];
  /** Architectures evaluated, at a cost of 1,500 ms each and, if no rewards are given, at 12 epochs. */
  readonly evaluated?: readonly number[];
  /** Of a method that trains: the architecture after each epoch; a second each, and 500 ms for the answer. No trace then. */
  readonly trained?: readonly number[];
  /** CPU seconds; not measured if left out. */
  readonly cpuSeconds?: number;
  /** Error code and message of a failed run. */
  readonly failure?: { readonly code: string; readonly what: string };
}

/** A made-up method's results. */
export interface MadeUpResults {
  readonly method?: string;
  readonly title?: string;
  readonly version?: string;
  readonly options?: Record<string, unknown>;
  readonly protocol?: Protocol;
  readonly table?: RecordTable;
  readonly runs: readonly MadeUpRun[];
  /** False: leaves summary.json out. */
  readonly summary?: boolean;
}

/** The table that made-up results name. */
export const MADE_UP_TABLE: RecordTable = { id: "made-up", version: "1.0.0", searchContentHash: "a".repeat(64) };

function trainingOf(architectures: readonly number[]): TrainingTrace {
  const hash = (at: number) => hashOf(["made-up training", at]);
  return {
    backend: "wasm",
    imagesSha256: hash(-1),
    costMs: architectures.length * 1000 + 500,
    epochs: architectures.map((architecture, at) => [architecture, (at + 1) * 1000, hash(at), hash(at)]),
  };
}

function outcomeOf(run: MadeUpRun, answerEpochs: ProtocolSearch["answerEpochs"]): RunOutcome {
  const { rewards, failure, trained } = run;
  const evaluated = run.evaluated ?? rewards?.map((_, at) => at) ?? [1, 2];
  const epochs = rewards === undefined || answerEpochs === "any" ? 12 : answerEpochs;
  return {
    ...(trained === undefined ? {} : { training: trainingOf(trained) }),
    trace: (trained === undefined ? evaluated : []).map((architecture, at) => [
      architecture,
      epochs,
      777,
      Math.round((rewards?.[at] ?? 90) * 10_000),
      1500,
    ]),
    answers:
      failure === undefined
        ? [{ architecture: run.evaluated?.[0] ?? trained?.at(-1) ?? evaluated[0] ?? 0, weight: 1 }]
        : [],
    refusedBy: [],
    failure: failure ?? null,
  };
}

function valuesOf(run: MadeUpRun, protocol: Protocol, search: string): Record<string, number> {
  const { values = {} } = run;
  if (typeof values !== "number") return { ...values };
  const report = protocol.searches.find(({ id }) => id === search)?.report ?? [];
  return Object.fromEntries(report.map(({ column }) => [column, values]));
}

/**
 * Writes the result folder of a method through the functions that a session uses.
 * @param output results go to `<output>/<protocol>/<method>`
 * @returns the method's folder
 */
export function writeMethodResults(output: string, results: MadeUpResults): string {
  const { method = "made-up", title = "Made-up", version = "1.0.0", options = {}, table = MADE_UP_TABLE } = results;
  const protocol = results.protocol ?? loadProtocol("nas-bench-201-mean");
  const folder = methodFolder(output, protocol.id, method);
  mkdirSync(folder, { recursive: true });
  writeInputs(
    folder,
    {
      protocol: { id: protocol.id, version: protocol.version, sha256: "0".repeat(64) },
      table,
      method: { id: method, version, title },
      pluginSha256: "0".repeat(64),
      options,
      runs: results.runs.length,
      extensions: [],
    },
    protocol,
    null,
  );
  const head = { protocol, table, method: { id: method, version }, options };
  const counts = new Map<string, number>();
  const made = results.runs.map((run) => {
    const definition =
      protocol.searches.find(({ id }) => id === run.search) ?? (protocol.searches[0] as ProtocolSearch);
    const search = definition.id;
    const runIndex = counts.get(search) ?? 0;
    counts.set(search, runIndex + 1);
    const seed = runSeed({ masterSeed: protocol.masterSeed, protocol: protocol.id, search, method, runIndex });
    const planned: PlannedRun = { method, search, runIndex, seed };
    const outcome = outcomeOf(run, definition.answerEpochs);
    if (run.cpuSeconds !== undefined) appendMeasurement(folder, { run: planned, outcome, cpuSeconds: run.cpuSeconds });
    const revealed = { search, runIndex, columns: valuesOf(run, protocol, search) };
    return { record: makeRecord(head, planned, outcome), revealed };
  });
  const partial = new PartialRecords(folder, () => {});
  const stored = made.map(({ record }) => partial.append(record));
  partial.close();
  writeRecords(folder, stored, protocol);
  const lines = made.map(({ revealed }) => `${JSON.stringify(revealed)}\n`);
  writeFileAtomic(path.join(folder, REVEALED_NAME), lines.join(""));
  if (results.summary !== false) writeSummary(folder, summarizeMethod(folder, protocol, table));
  return folder;
}
