import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
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

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/**
 * The bytes of a checkpoint.
 * @param key hash of everything that decides how the run goes on
 */
export function encodeCheckpoint(key: string, state: CheckpointState): Uint8Array {
  const body = serialize(state);
  return Buffer.concat([Buffer.from(`${FORMAT} ${key} ${sha256(body)}\n`), body]);
}

/**
 * Reads a checkpoint. Null if it is damaged or has another key: the run then starts anew, which gives the same record.
 */
export function decodeCheckpoint(key: string, bytes: Uint8Array): CheckpointState | null {
  const end = bytes.indexOf(LINE_FEED);
  const body = bytes.subarray(end + 1);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.max(0, end)).toString("latin1");
  if (end < 0 || head !== `${FORMAT} ${key} ${sha256(body)}`) return null;
  try {
    return deserialize(body) as CheckpointState;
  } catch {
    // Written by a Node whose serialisation this one does not know.
    return null;
  }
}
