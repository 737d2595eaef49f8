import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, rmSync } from "node:fs";
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { writeFailure, writeFileAtomic, writeFully } from "../files/atomic-file.ts";
import { eachLine, lineName } from "../files/text-lines.ts";
import { formatRecord, parseRecord } from "./record.ts";
import { eachRecord, RECORDS_NAME } from "./record-file.ts";
import { finishedLines, type StoredRun, storedRun } from "./stored-runs.ts";

const PARTIAL_NAME = "records.partial.jsonl";

/**
 * The records of a session that goes on: appended in the order in which runs finish, so that a kill at any moment loses
 * at most the run that was being written.
 */
export class PartialRecords {
  readonly #file: string;
  readonly #handle: number;
  #lines = 0;
  #length = 0;

  /**
   * Opens the partial file and drops a torn last line.
   * @param known receives every run that is there already, in this file and in a finished one
   * @throws NAS_RECORD_CORRUPT, NAS_WRITE_FAILED
   */
  constructor(folder: string, known: (run: StoredRun) => void) {
    this.#file = path.join(folder, PARTIAL_NAME);
    if (existsSync(path.join(folder, RECORDS_NAME))) for (const placed of eachRecord(folder)) known(storedRun(placed));
    if (existsSync(this.#file)) this.#readOwn(known);
    try {
      this.#handle = openSync(this.#file, existsSync(this.#file) ? "r+" : "w+");
      ftruncateSync(this.#handle, this.#length);
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
  }

  /** Appends a record. @throws NAS_WRITE_FAILED; the records before it stay whole */
  append(record: RunRecord): StoredRun {
    const line = Buffer.from(`${formatRecord(record)}\n`, "utf8");
    const place = { file: this.#file, number: this.#lines + 1, start: this.#length, bytes: line.length - 1 };
    try {
      writeFully(this.#handle, line, this.#length);
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
    this.#lines++;
    this.#length += line.length;
    return storedRun({ record, place });
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

  #readOwn(known: (run: StoredRun) => void): void {
    for (const { text, place, isWhole } of eachLine(this.#file)) {
      // What follows the last line feed was torn off by a kill or a full disk.
      if (!isWhole) break;
      known(storedRun({ record: parseRecord(text, lineName(place)), place }));
      this.#lines = place.number;
      this.#length = place.start + place.bytes + 1;
    }
  }
}

/**
 * Writes the finished file, whole or not at all, and removes the partial one.
 * @param runs every run of the plan, stored in the folder's files
 * @throws NAS_WRITE_FAILED, NAS_RECORD_CORRUPT
 */
export function writeRecords(folder: string, runs: Iterable<StoredRun>, protocol: Protocol): void {
  writeFileAtomic(path.join(folder, RECORDS_NAME), finishedLines(runs, protocol));
  rmSync(path.join(folder, PARTIAL_NAME), { force: true });
}
