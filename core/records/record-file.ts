import path from "node:path";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { eachLine, type LinePlace, lineName } from "../files/text-lines.ts";
import { parseRecord } from "./record.ts";

/** The finished records of a method, in the order of the plan. */
export const RECORDS_NAME = "records.jsonl";

/** A record and where its line is. */
export interface PlacedRecord {
  readonly record: RunRecord;
  readonly place: LinePlace;
}

/** A run's place in its method's records. */
export function runKey(run: Pick<RunRecord, "search" | "runIndex">): string {
  return `${run.search}/${run.runIndex}`;
}

/**
 * The records of a method's finished file, each checked. One at a time: a method's records may be larger than the memory
 * that a session is to take.
 * @throws NAS_RECORD_CORRUPT, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export function* eachRecord(folder: string): Generator<PlacedRecord> {
  const file = path.join(folder, RECORDS_NAME);
  for (const { text, place, isWhole } of eachLine(file, "run the methods first: nas-harness run --help")) {
    if (!isWhole) {
      throw new HarnessError("NAS_RECORD_CORRUPT", {
        what: "the file ends in the middle of a line",
        where: lineName(place),
        next: "restore the file from a copy, or run again with --overwrite",
      });
    }
    yield { record: parseRecord(text, lineName(place)), place };
  }
}

/** All of {@link eachRecord} at once, for methods whose records are known to be small. @throws as that does */
export function readRecords(folder: string): RunRecord[] {
  return Array.from(eachRecord(folder), ({ record }) => record);
}
