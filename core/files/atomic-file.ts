import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
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
    next: "free space or name another folder, then run the command again",
    cause,
  });
}

/** The same error with other advice if it is a write that failed; anything else as it is. */
export function adviseAfterWriteFailure(error: unknown, next: string): unknown {
  if (!(error instanceof HarnessError) || error.code !== "NAS_WRITE_FAILED") return error;
  return new HarnessError(error.code, { ...error.details, next });
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
 * Makes a folder and those above it.
 * @throws the system's error
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    // Node says so of a read-only file system too; making the outermost missing folder alone gives the reason.
    let missing = path.resolve(folder);
    while (!existsSync(path.dirname(missing))) missing = path.dirname(missing);
    mkdirSync(missing);
    throw cause;
  }
}

/** What a file is to hold: text (UTF-8), bytes, or parts that are made one after the other as they are written. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

function partsOf(content: FileContent): Iterable<Uint8Array> {
  if (typeof content === "string") return [Buffer.from(content, "utf8")];
  return content instanceof Uint8Array ? [content] : content;
}

/** Writes a file and makes its bytes durable; missing folders are made. @throws the system's error */
export function writeFileSynced(file: string, content: FileContent): void {
  makeFolder(path.dirname(file));
  const handle = openSync(file, "w");
  try {
    for (const part of partsOf(content)) writeFully(handle, part);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes files so that all are there whole or none is changed: each beside its place, fsync, then rename after rename, in
 * the order given. Missing folders are made.
 * @param files contents by path
 * @throws NAS_WRITE_FAILED, and what making a part throws; what the files held before is untouched then
 */
export function writeFilesAtomic(files: ReadonlyMap<string, FileContent>): void {
  const beside = (file: string) => `${file}.${process.pid}.tmp`;
  let current = "";
  try {
    for (const [file, content] of files) {
      current = file;
      writeFileSynced(beside(file), content);
    }
    for (const file of files.keys()) {
      current = file;
      renameSync(beside(file), file);
    }
    for (const folder of new Set([...files.keys()].map((file) => path.dirname(file)))) syncFolder(folder);
  } catch (cause) {
    for (const file of files.keys()) removeQuietly(beside(file));
    throw cause instanceof HarnessError ? cause : writeFailure(current, cause);
  }
}

/**
 * Writes a file so that it is there whole or not at all; see {@link writeFilesAtomic}.
 * @throws NAS_WRITE_FAILED, and what making a part throws; what the file held before is untouched then
 */
export function writeFileAtomic(file: string, content: FileContent): void {
  writeFilesAtomic(new Map([[file, content]]));
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A folder that can't be written can't be cleaned either; the first error is the one to report.
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
