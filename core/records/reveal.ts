import { fork } from "node:child_process";
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { type ErrorReport, HarnessError } from "../errors/harness-error.ts";
import { parseJson, readTextFile } from "../files/json-file.ts";

/** Name of the file with each run's reported values. */
export const REVEALED_NAME = "revealed.jsonl";

/** One line of revealed.jsonl: the reported values of a run's answer, in percent. */
export interface RevealedRun {
  readonly search: string;
  readonly runIndex: number;
  /** By column name; empty if the run failed. */
  readonly columns: Readonly<Record<string, number>>;
}

/** What the revealing process is told. */
export interface RevealRequest {
  readonly protocol: Protocol;
  /** Folder of the table. */
  readonly tableFolder: string;
  /** Folders with finished records. */
  readonly folders: readonly string[];
  /** Runs whose records are not there; their values are reported and written nowhere. */
  readonly answered?: readonly AnsweredRun[];
}

/** What of a run revealing needs: traces are too large to hold those of a whole plan. */
export interface AnsweredRun extends Pick<RunRecord, "search" | "runIndex" | "answers"> {
  readonly hasFailed: boolean;
}

/** What the revealing process reports. */
export interface RevealReport {
  readonly error: ErrorReport | null;
  /** The values of `answered`. */
  readonly revealed: readonly RevealedRun[];
}

const PROCESS_FILE = path.join(import.meta.dirname, `reveal-process${path.extname(import.meta.filename)}`);

function revealApart(request: RevealRequest): Promise<readonly RevealedRun[]> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS_FILE, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    let report: RevealReport = { error: null, revealed: [] };
    child.on("message", (message: RevealReport) => {
      report = message;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (report.error !== null) reject(HarnessError.fromReport(report.error));
      else if (code === 0) resolve(report.revealed);
      else reject(new HarnessError("NAS_INTERNAL", { what: `the revealing process ended with exit code ${code}` }));
    });
    child.send(request);
  });
}

/**
 * Reads the answers' test values in a process of its own and writes `revealed.jsonl` into each folder. Only whole plans
 * are revealed.
 * @throws NAS_REVEAL_INCOMPLETE, NAS_RECORD_CORRUPT, NAS_NOT_RECORDED, NAS_TABLE_CORRUPT, NAS_WRITE_FAILED
 */
export async function reveal(request: Omit<RevealRequest, "answered">): Promise<void> {
  await revealApart(request);
}

/**
 * The reported values of answers whose records are not there, as those of a submission: read in a process of its own.
 * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function revealAnswers(
  protocol: Protocol,
  tableFolder: string,
  answered: readonly AnsweredRun[],
): Promise<readonly RevealedRun[]> {
  return revealApart({ protocol, tableFolder, folders: [], answered });
}

/** Reads `revealed.jsonl` of a folder. @throws NAS_FILE_NOT_FOUND, NAS_JSON */
export function readRevealed(folder: string): RevealedRun[] {
  const file = path.join(folder, REVEALED_NAME);
  return readTextFile(file)
    .split("\n")
    .filter((line) => line !== "")
    .map((line, at) => parseJson(line, `${file}:${at + 1}`) as RevealedRun);
}
