import { existsSync } from "node:fs";
import path from "node:path";
import { digestsOfFile } from "../downloads/file-digest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { parseJson, readTextFile } from "../files/json-file.ts";

/** Name of the list, beside the files: their SHA-256 as they were when they were fetched, by name. */
export const FETCHED_NAME = "checksums.json";

/** A file that is in its place. */
export interface FetchedFile {
  readonly name: string;
  /** In hexadecimal. */
  readonly sha256: string;
  /** `kept`: it was there, as recorded; `checked`: it was there, and is recorded now; else how it came. */
  readonly came: "kept" | "checked" | "fetched" | "unpacked";
}

const ANEW = "delete the file, or move it elsewhere, and run the command again";

/** What was recorded in a folder. @throws NAS_JSON, NAS_DOWNLOAD if the file is no such list */
export function readFetched(folder: string): Record<string, string> {
  const file = path.join(folder, FETCHED_NAME);
  if (!existsSync(file)) return {};
  const document = parseJson(readTextFile(file), file);
  const isList =
    typeof document === "object" &&
    document !== null &&
    Object.values(document).every((value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value));
  if (isList) return document as Record<string, string>;
  throw new HarnessError("NAS_DOWNLOAD", {
    what: "this is no list of checksums",
    where: file,
    allowed: "by file name, SHA-256 in 64 hexadecimal digits",
    next: "delete it and run the command again, which checks the files and records them anew",
  });
}

/** Adds files to the list; what it says of others stays. @throws NAS_WRITE_FAILED, NAS_JSON, NAS_DOWNLOAD */
export function recordFetched(folder: string, files: readonly FetchedFile[]): void {
  const all = { ...readFetched(folder), ...Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileAtomic(path.join(folder, FETCHED_NAME), `${JSON.stringify(sorted, null, 2)}\n`);
}

/**
 * These files, if all of them are there as they were recorded; else null.
 * @throws NAS_DOWNLOAD if one was changed since, NAS_JSON, NAS_FILE_UNREADABLE, the signal's reason
 */
export async function keptFiles(
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<FetchedFile[] | null> {
  const recorded = readFetched(folder);
  const isThere = (name: string) => recorded[name] !== undefined && existsSync(path.join(folder, name));
  if (!names.every(isThere)) return null;
  const kept: FetchedFile[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const { sha256 } = await digestsOfFile(file, signal);
    if (sha256 !== recorded[name])
      throw new HarnessError("NAS_DOWNLOAD", {
        what: `the file was changed since it was fetched: its SHA-256 is ${sha256}`,
        where: file,
        allowed: recorded[name] as string,
        next: ANEW,
      });
    kept.push({ name, sha256, came: "kept" });
  }
  return kept;
}
