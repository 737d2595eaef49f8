import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, rmSync } from "node:fs";
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFailure, writeFileAtomic, writeFully } from "../files/atomic-file.ts";
import { readTextFile } from "../files/json-file.ts";
import { formatRecord, parseRecord } from "./record.ts";

/** The finished records of a method, in the order of the plan. */
export const RECORDS_NAME = "records.jsonl";
const PARTIAL_NAME = "records.partial.jsonl";

/** A run's place in its method's records. */
export function runKey(run: Pick<RunRecord, "search" | "runIndex">): string {
  return `${run.search}/${run.runIndex}`;
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readTextFile(file).split("\n") : [];
}

/** The records of a finished file, each checked. @throws NAS_RECORD_CORRUPT, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export function readRecords(folder: string): RunRecord[] {
  const file = path.join(folder, RECORDS_NAME);
  const lines = readTextFile(file, "run the methods first: nas-harness run --help").split("\n");
  const last = lines.pop();
  if (last !== "") {
    throw new HarnessError("NAS_RECORD_CORRUPT", {
      what: "the file ends in the middle of a line",
      where: `${file}:${lines.length + 1}`,
      next: "restore the file from a copy, or run again with --overwrite",
    });
  }
  return lines.map((line, at) => parseRecord(line, `${file}:${at + 1}`));
}

/** Records in the order of the protocol's searches and of run indices. */
export function sortRecords(records: readonly RunRecord[], protocol: Protocol): RunRecord[] {
  const position = new Map(protocol.searches.map((search, at) => [search.id, at]));
  return [...records].sort(
    (a, b) => (position.get(a.search) ?? 0) - (position.get(b.search) ?? 0) || a.runIndex - b.runIndex,
  );
}

/** The text of a finished file. */
export function formatRecords(records: readonly RunRecord[], protocol: Protocol): string {
  return sortRecords(records, protocol)
    .map((record) => `${formatRecord(record)}\n`)
    .join("");
}

/** Writes the finished file, whole or not at all. @throws NAS_WRITE_FAILED */
export function writeRecords(folder: string, records: readonly RunRecord[], protocol: Protocol): void {
  writeFileAtomic(path.join(folder, RECORDS_NAME), formatRecords(records, protocol));
  rmSync(path.join(folder, PARTIAL_NAME), { force: true });
}

/**
 * The records of a session that goes on: appended in the order in which runs finish, so that a kill at any moment loses
 * at most the run that was being written.
 */
export class PartialRecords {
  readonly #file: string;
  readonly #handle: number;
  #length: number;

  /**
   * Opens the partial file and drops a torn last line.
   * @param known receives every record that is there already, from this file and from a finished one
   * @throws NAS_RECORD_CORRUPT, NAS_WRITE_FAILED
   */
  constructor(folder: string, known: (record: RunRecord) => void) {
    this.#file = path.join(folder, PARTIAL_NAME);
    if (existsSync(path.join(folder, RECORDS_NAME))) readRecords(folder).forEach(known);
    const lines = linesOf(this.#file);
    // What follows the last line feed was torn off by a kill or a full disk.
    lines.pop();
    for (const [at, line] of lines.entries()) known(parseRecord(line, `${this.#file}:${at + 1}`));
    this.#length = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    try {
      this.#handle = openSync(this.#file, existsSync(this.#file) ? "r+" : "w+");
      ftruncateSync(this.#handle, this.#length);
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
  }

  /** Appends a record. @throws NAS_WRITE_FAILED; the records before it stay whole */
  append(record: RunRecord): void {
    const line = Buffer.from(`${formatRecord(record)}\n`, "utf8");
    try {
      writeFully(this.#handle, line, this.#length);
      this.#length += line.length;
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
  }

  /** Makes what was appended durable and closes the file. @throws NAS_WRITE_FAILED */
  close(): void {
    try {
      fsyncSync(this.#handle);
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    } finally {
      closeSync(this.#handle);
    }
  }
}
