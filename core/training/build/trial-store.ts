import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readdirSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";
import { makeFolder, writeFailure, writeFully } from "../../files/atomic-file.ts";
import { readTextFile } from "../../files/json-file.ts";
import { type BuildPart, type BuildShard, partName } from "./build-plan.ts";
import type { FingerprintedPart } from "./part-inputs.ts";
import { type BuiltTrial, formatTrial, parseTrial } from "./trial-line.ts";

/** Hears of a stored training that can't be read. */
export type OnCorrupt = (error: HarnessError) => void;

/** File of a shard's trials: `<folder>/<recipe>-<seed>/<index>-of-<count>.trials`. */
export function storeFile(folder: string, part: BuildPart, shard: BuildShard | null): string {
  const { index, count } = shard ?? { index: 1, count: 1 };
  return path.join(folder, partName(part), `${index}-of-${count}.trials`);
}

/** The trials of a file that can be read; `onCorrupt` hears of each one that can't. @throws NAS_RESUME_MISMATCH */
function readStore(file: string, part: FingerprintedPart, onCorrupt: OnCorrupt): BuiltTrial[] {
  const lines = readTextFile(file).split("\n");
  // What follows the last line feed was torn off by a kill.
  lines.pop();
  return lines.flatMap((line, at) => {
    try {
      return [parseTrial(line, part, `${file}:${at + 1}`)];
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "NAS_BUILD_CORRUPT") throw error;
      onCorrupt(error);
      return [];
    }
  });
}

/**
 * The finished trials of one part and shard: appended as they come, so that a kill at any moment loses at most the training
 * that was going on. Broken lines are reported, dropped and trained again.
 */
export class TrialStore {
  readonly trials = new Map<number, BuiltTrial>();
  readonly #file: string;
  readonly #inputs: string;
  readonly #handle: number;
  #length = 0;

  /** @throws NAS_RESUME_MISMATCH, NAS_WRITE_FAILED, NAS_FILE_UNREADABLE */
  constructor(folder: string, part: FingerprintedPart, shard: BuildShard | null, onCorrupt: OnCorrupt) {
    this.#file = storeFile(folder, part, shard);
    this.#inputs = part.inputs;
    const known = existsSync(this.#file) ? readStore(this.#file, part, onCorrupt) : [];
    try {
      makeFolder(path.dirname(this.#file));
      this.#handle = openSync(this.#file, existsSync(this.#file) ? "r+" : "w+");
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
    try {
      // What is kept moves towards the start, never beyond what was read of it: a kill here loses one line at most.
      this.#appendAll(known);
      ftruncateSync(this.#handle, this.#length);
    } catch (cause) {
      this.close();
      throw writeFailure(this.#file, cause);
    }
  }

  /** Stores trials; those of architectures that are there already are left out. @throws NAS_WRITE_FAILED */
  add(trials: readonly BuiltTrial[]): void {
    try {
      this.#appendAll(trials);
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
  }

  close(): void {
    closeSync(this.#handle);
  }

  #appendAll(trials: readonly BuiltTrial[]): void {
    const fresh = new Map(trials.map((trial) => [trial.architecture, trial] as const));
    for (const architecture of this.trials.keys()) fresh.delete(architecture);
    const lines = Array.from(fresh.values(), (trial) => `${formatTrial(trial, this.#inputs)}\n`);
    const bytes = Buffer.from(lines.join(""));
    writeFully(this.#handle, bytes, this.#length);
    fsyncSync(this.#handle);
    this.#length += bytes.length;
    for (const [architecture, trial] of fresh) this.trials.set(architecture, trial);
  }
}

/**
 * All stored trials of a part, from every shard below a folder, by ascending architecture. Shards may overlap; equal
 * trainings are equal, so the first one counts.
 * @throws NAS_RESUME_MISMATCH, NAS_FILE_UNREADABLE
 */
export function readPart(folder: string, part: FingerprintedPart, onCorrupt: OnCorrupt): BuiltTrial[] {
  const place = path.join(folder, partName(part));
  if (!existsSync(place)) return [];
  const files = readdirSync(place).filter((name) => name.endsWith(".trials"));
  const byArchitecture = new Map<number, BuiltTrial>();
  for (const name of files.sort()) {
    for (const trial of readStore(path.join(place, name), part, onCorrupt)) {
      if (!byArchitecture.has(trial.architecture)) byArchitecture.set(trial.architecture, trial);
    }
  }
  return [...byArchitecture.values()].sort((a, b) => a.architecture - b.architecture);
}
