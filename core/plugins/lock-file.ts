import { lstatSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../errors/harness-error.ts";
import { parseJson, readTextFile } from "../files/json-file.ts";
import { type LockName, lockError } from "./lock-fault.ts";
import { type NpmLock, readNpmLock } from "./npm-lock.ts";
import { type PythonPackage, readPythonLock } from "./python-lock.ts";

/** Bytes that a lock file, and the package.json beside one, may have: some ten thousand packages. */
export const MOST_LOCK_BYTES = 4 * 1024 * 1024;

/** What a plugin's lock file says is to be installed. */
export type PluginLock =
  | { readonly name: "requirements.txt"; readonly packages: readonly PythonPackage[] }
  | ({ readonly name: "package-lock.json" } & NpmLock);

/** Why a file can't be read as a part of a lock, or null. A link would lead to what is no part of the plugin. */
function fileFault(file: string): string | null {
  const name = path.basename(file);
  try {
    const status = lstatSync(file);
    if (!status.isFile()) return `${name} is no plain file`;
    return status.size <= MOST_LOCK_BYTES ? null : `${name} has ${status.size} bytes; ${MOST_LOCK_BYTES} are allowed`;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "ENOENT"
      ? `there is no file ${name}`
      : `${name} can't be read: ${messageOf(cause)}`;
  }
}

/**
 * Reads and checks the lock file of a plugin's folder.
 * @throws NAS_LOCK_FILE listing every fault at once, NAS_JSON for a package-lock.json or package.json that does not parse,
 *   NAS_FILE_UNREADABLE
 */
export function readLockFile(folder: string, name: LockName): PluginLock {
  const file = path.join(folder, name);
  const isNpm = name === "package-lock.json";
  const files = isNpm ? [file, path.join(folder, "package.json")] : [file];
  const unreadable = files.map(fileFault).filter((fault) => fault !== null);
  if (unreadable.length > 0) throw lockError(file, name, unreadable);
  if (isNpm) {
    const [lock, manifest] = files.map((part) => parseJson(readTextFile(part), part));
    const read = readNpmLock(lock, manifest);
    if (Array.isArray(read)) throw lockError(file, name, read);
    return { name, ...read };
  }
  const { packages, faults } = readPythonLock(readTextFile(file));
  if (faults.length > 0) throw lockError(file, name, faults);
  return { name, packages };
}
