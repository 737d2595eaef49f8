import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { makeFolder, writeFailure } from "./atomic-file.ts";

const LOCK_NAME = ".lock";

/** A held lock. */
export interface FolderLock {
  /** Gives the lock back; calling it again does nothing. */
  release(): void;
}

interface LockContent {
  readonly pid: number;
  readonly host: string;
  /** Start time of the process in clock ticks since boot (Linux), so that a reused pid is not taken for the owner. */
  readonly started: string;
}

function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A killed process stays as a zombie (Z) until its parent asks for it; in a container that may be never.
    return fields[0] === "Z" || fields[0] === "X" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

function isAlive(owner: LockContent): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return owner.started === "" || startTimeOf(owner.pid) === owner.started;
}

/**
 * Takes the lock of an output folder (made if missing). A lock whose process on this machine is gone is taken over, so
 * a killed run never has to be unlocked by hand.
 * @throws NAS_OUTPUT_LOCKED if another process holds it, NAS_WRITE_FAILED if the folder can't be written
 */
export function lockFolder(folder: string): FolderLock {
  const file = path.join(folder, LOCK_NAME);
  const mine = JSON.stringify({ pid: process.pid, host: os.hostname(), started: startTimeOf(process.pid) });
  for (let attempt = 0; !createWithContent(file, mine); attempt++) {
    const text = readQuietly(file);
    const owner = parseOwner(text);
    if (attempt < 5 && (text === "" || (owner !== null && owner.host === os.hostname() && !isAlive(owner)))) {
      if (text !== "") removeIfUnchanged(file, text);
      continue;
    }
    throw new HarnessError("NAS_OUTPUT_LOCKED", {
      what:
        owner === null
          ? "another process is writing to this folder"
          : `process ${owner.pid} on ${owner.host} is writing to this folder`,
      where: folder,
      next: `wait for it or name another --output; if no such process runs any more, delete ${file}`,
    });
  }
  let held = true;
  return {
    release() {
      if (held && readQuietly(file) === mine) rmSync(file, { force: true });
      held = false;
    },
  };
}

/** Creates the file with its content in one step (a hard link), or returns false if it exists. */
function createWithContent(file: string, content: string): boolean {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(path.dirname(file));
    writeFileSync(beside, content);
    linkSync(beside, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw writeFailure(file, cause);
  } finally {
    removeQuietly(beside);
  }
}

/** Removes a dead owner's lock; if another process has just replaced it by its own, puts that one back. */
function removeIfUnchanged(file: string, expected: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readQuietly(aside) !== expected) linkSync(aside, file);
  } catch {
    // Somebody else removed it first, or holds it again: the next attempt sees which.
  } finally {
    removeQuietly(aside);
  }
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The owner that a lock names; null where it holds anything else. */
function parseOwner(text: string): LockContent | null {
  try {
    const owner = JSON.parse(text) as Partial<LockContent> | null;
    const names =
      Number.isSafeInteger(owner?.pid) && typeof owner?.host === "string" && typeof owner.started === "string";
    return names ? (owner as LockContent) : null;
  } catch {
    return null;
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A folder that can't be written can't be cleaned either; the caller reports the error that counts.
  }
}
