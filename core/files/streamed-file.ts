import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { HarnessError } from "../errors/harness-error.ts";
import { makeFolder, syncFolder, writeFailure, writeFully } from "./atomic-file.ts";
import { removeLeftovers } from "./leftovers.ts";

/**
 * Writes a file from parts that are made one after the other, so that it is there whole or not at all: beside its place,
 * fsync, then rename. Missing folders are made. Between parts other things may happen, such as Ctrl-C.
 * @param signal ends the writing; what is there of the new file is removed
 * @returns its size in bytes, or null if the signal ended it
 * @throws NAS_WRITE_FAILED, and what making a part throws; what the file held before is untouched then
 */
export async function writeFileStreamed(
  file: string,
  parts: Iterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<number | null> {
  const beside = `${file}.${process.pid}.tmp`;
  let isWhole = false;
  try {
    const folder = path.dirname(file);
    makeFolder(folder);
    removeLeftovers(folder, [path.basename(file)]);
    const handle = openSync(beside, "w");
    let bytes = 0;
    try {
      for (const part of parts) {
        writeFully(handle, part);
        bytes += part.length;
        await nextTurn();
        if (signal?.aborted === true) return null;
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
    isWhole = true;
    syncFolder(folder);
    return bytes;
  } catch (cause) {
    throw cause instanceof HarnessError || (cause as NodeJS.ErrnoException).syscall === undefined
      ? cause
      : writeFailure(file, cause);
  } finally {
    if (!isWhole) removeQuietly(beside);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A folder that can't be written can't be cleaned either; the first error is the one to report.
  }
}
