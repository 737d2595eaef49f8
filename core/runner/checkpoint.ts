import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { writeFileAtomic } from "../files/atomic-file.ts";
import type { RandomState } from "../random/random.ts";
import type { SearchTrainingState } from "../training/search/search-training.ts";
import type { TrainingEpoch } from "./active-run.ts";

const FORMAT = "nas-harness checkpoint 1";
const LINE_FEED = 10;

/** A run that trains, between two epochs. */
export interface CheckpointState {
  readonly training: SearchTrainingState;
  readonly random: RandomState;
  /** What the method's `save` gave. */
  readonly method: unknown;
  readonly epochs: readonly TrainingEpoch[];
  /** Measured CPU seconds so far. */
  readonly cpuSeconds: number;
}

/** Where a run's checkpoint is, and what it was made from. */
export interface CheckpointPlace {
  readonly file: string;
  /** Hash of everything that decides how the run goes on; a checkpoint with another one is passed over. */
  readonly key: string;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Writes a run's checkpoint, whole or not at all. @throws NAS_WRITE_FAILED */
export function writeCheckpoint({ file, key }: CheckpointPlace, state: CheckpointState): void {
  const body = serialize(state);
  writeFileAtomic(file, Buffer.concat([Buffer.from(`${FORMAT} ${key} ${sha256(body)}\n`), body]));
}

/**
 * Reads a run's checkpoint. Null if there is none, or if it is damaged or was made from other inputs: the run then starts
 * anew, which gives the same record.
 */
export function readCheckpoint({ file, key }: CheckpointPlace): CheckpointState | null {
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  const end = bytes.indexOf(LINE_FEED);
  const body = bytes.subarray(end + 1);
  if (end < 0 || bytes.toString("latin1", 0, end) !== `${FORMAT} ${key} ${sha256(body)}`) return null;
  try {
    return deserialize(body) as CheckpointState;
  } catch {
    // Written by a Node whose serialisation this one does not know.
    return null;
  }
}

/** Removes a run's checkpoint: its record is there. */
export function removeCheckpoint({ file }: Pick<CheckpointPlace, "file">): void {
  rmSync(file, { force: true });
}
