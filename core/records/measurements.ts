import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeFailure } from "../files/atomic-file.ts";
import type { FinishedRun } from "../runner/worker-messages.ts";
import { runKey } from "./record-file.ts";

/** Name of the file with measured CPU seconds. */
export const MEASUREMENTS_NAME = "measured.jsonl";

/** Appends a run's measured CPU seconds; they differ from machine to machine and are no part of any record. */
export function appendMeasurement(folder: string, { run, cpuSeconds }: FinishedRun): void {
  const file = path.join(folder, MEASUREMENTS_NAME);
  try {
    appendFileSync(file, `${JSON.stringify({ search: run.search, runIndex: run.runIndex, cpuSeconds })}\n`);
  } catch (cause) {
    throw writeFailure(file, cause);
  }
}

/** Measured CPU seconds by run key; lines that a kill tore off are passed over, the last measurement of a run counts. */
export function readMeasurements(folder: string): Map<string, number> {
  const file = path.join(folder, MEASUREMENTS_NAME);
  const measured = new Map<string, number>();
  if (!existsSync(file)) return measured;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    try {
      const entry = JSON.parse(line) as { search: string; runIndex: number; cpuSeconds: number };
      measured.set(runKey(entry), entry.cpuSeconds);
    } catch {
      // A measurement is worth less than stopping for it.
    }
  }
  return measured;
}
