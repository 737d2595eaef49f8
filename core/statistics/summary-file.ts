import path from "node:path";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { runSummary } from "../../schemas/generated/validators.cjs";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { readDocument } from "../files/json-file.ts";

/** Name of the file with a method's summary, beside its records. */
export const SUMMARY_NAME = "summary.json";

/** Writes a method's summary into its folder. @throws NAS_WRITE_FAILED */
export function writeSummary(folder: string, summary: RunSummary): void {
  writeFileAtomic(path.join(folder, SUMMARY_NAME), `${JSON.stringify(summary, null, 2)}\n`);
}

/** Reads a method's summary. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA */
export function readSummary(folder: string): RunSummary {
  return readDocument<RunSummary>(path.join(folder, SUMMARY_NAME), runSummary);
}
