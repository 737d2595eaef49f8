import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { HarnessError, messageOf } from "../errors/harness-error.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTDIR: "a part of the path is a file, not a folder",
};

/** The error for a write that failed, naming the file and the reason in words. */
export function writeFailure(file: string, cause: unknown): HarnessError {
  const reason = REASONS[(cause as NodeJS.ErrnoException).code ?? ""] ?? messageOf(cause);
  return new HarnessError("NAS_WRITE_FAILED", {
    what: `writing failed: ${reason}`,
    where: file,
    next: "free space or name another folder, then run the same command again; what was there before is untouched",
    cause,
  });
}

/**
 * Writes all bytes to an open file, from `position` on (null: where the last write ended). A short write is continued:
 * `writeSync` may write less than it was given.
 */
export function writeFully(handle: number, bytes: Uint8Array, position: number | null = null): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(handle, bytes, at, bytes.length - at, position === null ? null : position + at);
  }
}

/**
 * Writes a file so that it is there whole or not at all: beside, fsync, rename. Missing folders are made.
 * @throws NAS_WRITE_FAILED; what the file held before is untouched then
 */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  const beside = `${file}.${process.pid}.tmp`;
  let handle: number | null = null;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    handle = openSync(beside, "w");
    writeFully(handle, typeof content === "string" ? Buffer.from(content, "utf8") : content);
    fsyncSync(handle);
    closeSync(handle);
    handle = null;
    renameSync(beside, file);
    syncFolder(path.dirname(file));
  } catch (cause) {
    if (handle !== null) closeSync(handle);
    try {
      rmSync(beside, { force: true });
    } catch {
      // A folder that can't be written can't be cleaned either; the first error is the one to report.
    }
    throw writeFailure(file, cause);
  }
}

/** Makes a rename durable: on Linux it is only after the folder itself was synced. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
