import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RecordConstraint, RunRecord } from "../../schemas/generated/record.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { type FolderLock, lockFolder } from "../files/folder-lock.ts";
import { harnessVersion } from "../files/package-version.ts";
import type { PlannedRun, Shard } from "../runner/plan.ts";
import type { FinishedRun } from "../runner/worker-messages.ts";
import { canonicalJson } from "./canonical-json.ts";
import { appendMeasurement } from "./measurements.ts";
import { PartialRecords, writeRecords } from "./partial-records.ts";
import { makeRecord, type RecordHead } from "./record.ts";
import { runKey } from "./record-file.ts";
import { CHECKPOINTS_NAME, removeResultLeftovers, removeResults } from "./result-folder.ts";
import type { SessionMode } from "./session-advice.ts";
import { checkSameInputs, readInputs, type SessionInputs, writeInputs } from "./session-inputs.ts";
import type { StoredRun } from "./stored-runs.ts";

/** What a store must know of its session. */
export interface StoreOptions {
  readonly protocol: Protocol;
  readonly shard: Shard | null;
  readonly mode: SessionMode;
  /** What records say of the constraints of each search that has any. */
  readonly constraints: ReadonlyMap<string, readonly RecordConstraint[]>;
}

/** One method's open results: records go to their file as they come, what is kept in memory is where they are. */
export class MethodStore {
  readonly folder: string;
  /** Hash of everything that the runs are made from. */
  readonly key: string;
  readonly #lock: FolderLock;
  readonly #head: RecordHead;
  readonly #protocol: Protocol;
  readonly #runs = new Map<string, StoredRun>();
  #partial: PartialRecords | null = null;

  /**
   * Takes the folder's lock and reads which runs are stored.
   * @throws NAS_OUTPUT_LOCKED, NAS_OUTPUT_EXISTS, NAS_RESUME_MISMATCH, NAS_RECORD_CORRUPT, NAS_WRITE_FAILED
   */
  constructor(folder: string, inputs: SessionInputs, options: StoreOptions) {
    this.folder = folder;
    this.key = createHash("sha256")
      .update(canonicalJson({ ...inputs, harness: harnessVersion() }))
      .digest("hex");
    this.#protocol = options.protocol;
    const { id, version } = inputs.method;
    const { table, options: methodOptions } = inputs;
    this.#head = {
      ...{ protocol: options.protocol, table, method: { id, version }, options: methodOptions },
      constraints: options.constraints,
    };
    const isNew = !existsSync(folder);
    this.#lock = lockFolder(folder);
    try {
      this.#prepare(inputs, options);
    } catch (error) {
      this.#lock.release();
      if (isNew) rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Where an earlier attempt of a run that trains stood, or null. */
  checkpoint(run: PlannedRun): Uint8Array | null {
    const file = this.#checkpointFile(run);
    return existsSync(file) ? readFileSync(file) : null;
  }

  /** Keeps where a run that trains stands. @throws NAS_WRITE_FAILED */
  keepCheckpoint(run: PlannedRun, bytes: Uint8Array): void {
    writeFileAtomic(this.#checkpointFile(run), bytes);
  }

  /** Whether a finished run is stored. Failed ones run again: a limit or a memory shortage may have been the cause. */
  holds(run: PlannedRun): boolean {
    return this.#runs.get(runKey(run))?.hasFailed === false;
  }

  /** Stores a run's record and its measurement. @throws NAS_WRITE_FAILED */
  add(finished: FinishedRun): RunRecord {
    const record = makeRecord(this.#head, finished.run, finished.outcome);
    const stored = this.#partial?.append(record);
    if (stored !== undefined) this.#runs.set(runKey(record), stored);
    appendMeasurement(this.folder, finished);
    return record;
  }

  /**
   * Writes the finished file if every planned run is there, and gives the folder back.
   * @throws NAS_WRITE_FAILED, NAS_RECORD_CORRUPT
   */
  close(planned: readonly PlannedRun[]): void {
    try {
      this.#partial?.close();
      this.#partial = null;
      if (planned.every((run) => this.#runs.has(runKey(run)))) {
        writeRecords(this.folder, this.#runs.values(), this.#protocol);
        rmSync(path.join(this.folder, CHECKPOINTS_NAME), { recursive: true, force: true });
      }
    } finally {
      this.#lock.release();
    }
  }

  #checkpointFile({ search, runIndex }: PlannedRun): string {
    return path.join(this.folder, CHECKPOINTS_NAME, `${search}-${runIndex}.checkpoint`);
  }

  #prepare(inputs: SessionInputs, options: StoreOptions): void {
    removeResultLeftovers(this.folder);
    const stored = readInputs(this.folder);
    if (stored !== null && options.mode === "new") {
      throw new HarnessError("NAS_OUTPUT_EXISTS", {
        what: `there are results of ${inputs.method.id} already`,
        where: this.folder,
        next: "add --resume to keep them and run what is missing, --overwrite to start anew, or name another --output",
      });
    }
    if (stored !== null && options.mode === "overwrite") removeResults(this.folder);
    if (stored !== null && options.mode === "resume") checkSameInputs(this.folder, stored, inputs, options.shard);
    else writeInputs(this.folder, inputs, options.protocol, options.shard);
    this.#partial = new PartialRecords(this.folder, (run) => this.#runs.set(runKey(run), run));
  }
}
