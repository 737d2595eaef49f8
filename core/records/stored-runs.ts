import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type LinePlace, LineReader, lineName } from "../files/text-lines.ts";
import { formatRecord, parseRecord } from "./record.ts";
import type { PlacedRecord } from "./record-file.ts";

/** What is kept in memory of a run whose record is in a file: traces are too large to hold those of a whole plan. */
export interface StoredRun extends Pick<RunRecord, "search" | "runIndex" | "seed" | "digest"> {
  readonly hasFailed: boolean;
  /** Where the record is. */
  readonly place: LinePlace;
}

/** The stored run of a record. */
export function storedRun({ record, place }: PlacedRecord): StoredRun {
  const { search, runIndex, seed, digest, failure } = record;
  return { search, runIndex, seed, digest, hasFailed: failure !== null, place };
}

/** Runs in the order of the protocol's searches and of run indices. */
function sortRuns(runs: Iterable<StoredRun>, protocol: Protocol): StoredRun[] {
  const position = new Map(protocol.searches.map((search, at) => [search.id, at]));
  return [...runs].sort(
    (a, b) => (position.get(a.search) ?? 0) - (position.get(b.search) ?? 0) || a.runIndex - b.runIndex,
  );
}

/** Reads a stored run's record again. @throws NAS_RECORD_CORRUPT if it is not the same any more */
function readAgain({ place, digest }: StoredRun, reader: LineReader): RunRecord {
  const record = parseRecord(reader.read(place), lineName(place));
  if (record.digest === digest) return record;
  throw new HarnessError("NAS_RECORD_CORRUPT", {
    what: `a record was replaced while it was in use: its digest was ${digest}, now it is ${record.digest}`,
    where: lineName(place),
    next: "let nothing else write to the folder, then run the same command again",
  });
}

/**
 * The lines of a finished file, in the order of the plan, read from where the runs are stored as they are asked for. Every
 * record is checked once more.
 * @throws NAS_RECORD_CORRUPT, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export function* finishedLines(runs: Iterable<StoredRun>, protocol: Protocol): Generator<Buffer> {
  const reader = new LineReader();
  try {
    for (const run of sortRuns(runs, protocol)) yield Buffer.from(`${formatRecord(readAgain(run, reader))}\n`, "utf8");
  } finally {
    reader.close();
  }
}
