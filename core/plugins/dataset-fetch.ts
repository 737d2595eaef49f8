import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { DatasetSources, SourceFile } from "../../schemas/generated/dataset-sources.ts";
import { checksumFault } from "../downloads/checksums.ts";
import { type FetchSettings, fetchFile } from "../downloads/fetched-file.ts";
import { digestsOfFile } from "../downloads/file-digest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { CHECKSUMS_NAME, readChecksums } from "../training/recorded-file.ts";
import { parseSplitFile } from "../training/split-file.ts";
import { filesOf } from "./dataset-sources.ts";
import { unpackSource } from "./dataset-unpacking.ts";

/** Bytes that a file of unknown size may have: lists of images, not images. */
const MOST_UNKNOWN_BYTES = 16 * 1024 * 1024;

/** A file of a dataset that is in its place, checked and recorded. */
export interface PresentFile {
  readonly name: string;
  /** In hexadecimal. */
  readonly sha256: string;
  /** `kept`: it was there, as recorded; `checked`: it was there, and is recorded now; else how it came. */
  readonly came: "kept" | "checked" | "fetched" | "unpacked";
}

/** How the files of a dataset are fetched. */
export interface DatasetFetchSettings extends Omit<FetchSettings, "onBytes"> {
  /** Told what is done next, in words. */
  readonly onStep: (what: string) => void;
  /** Told how many bytes of a file have been received, and how many there will be if that is known. */
  readonly onBytes: (name: string, done: number, total: number | null) => void;
}

/** Looks at a file's content where `splits` says what it must be. @throws NAS_IMAGES, NAS_JSON */
function acceptContent({ splits = {} }: DatasetSources, name: string, file: string, next: string): void {
  const parts = splits[name];
  if (parts !== undefined) parseSplitFile(readFileSync(file, "utf8"), file, parts, next);
}

/**
 * Makes sure that the file of a source is there and the right one, by fetching it if it has an address.
 * @returns how it came; null if it is not there and has to be brought by hand
 * @throws NAS_IMAGES if another file is there, and what fetching throws
 */
async function ensureSource(
  sources: DatasetSources,
  source: SourceFile,
  folder: string,
  settings: DatasetFetchSettings,
): Promise<"checked" | "fetched" | null> {
  const { name, address, bytes } = source;
  const file = path.join(folder, name);
  const next = "delete the file, or move it elsewhere, and run the command again";
  if (existsSync(file)) {
    settings.onStep(`checking ${name}`);
    const fault = await checksumFault(file, source, settings.signal);
    if (fault !== null)
      throw new HarnessError("NAS_IMAGES", { what: `another file is there: ${fault}`, where: file, next });
    acceptContent(sources, name, file, next);
    return "checked";
  }
  if (address === null) return null;
  settings.onStep(`fetching ${name} from ${address}`);
  const onBytes = (done: number, total: number | null) => settings.onBytes(name, done, total);
  const most = bytes ?? MOST_UNKNOWN_BYTES;
  await fetchFile({ ...source, address, file, bytes: bytes ?? null, most }, { ...settings, onBytes }, (part) =>
    acceptContent(sources, name, part, `look at what ${address} leads to, or bring ${name} by hand`),
  );
  return "fetched";
}

/** Which of these files are there as they were recorded. @throws NAS_IMAGES if one was changed since */
async function keptFiles(folder: string, names: readonly string[], signal: AbortSignal): Promise<PresentFile[]> {
  const recorded = readChecksums(folder);
  const kept: PresentFile[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const expected = recorded[name];
    if (expected === undefined || !existsSync(file)) continue;
    const { sha256 } = await digestsOfFile(file, signal);
    if (sha256 !== expected)
      throw new HarnessError("NAS_IMAGES", {
        what: `the file was changed since it was fetched: its SHA-256 is ${sha256}`,
        where: file,
        allowed: expected,
        next: "delete the file, or move it elsewhere, and run the command again",
      });
    kept.push({ name, sha256, came: "kept" });
  }
  return kept;
}

/** Adds files to the list of checksums in the folder; what it says of others stays. @throws NAS_WRITE_FAILED */
function record(folder: string, files: readonly PresentFile[]): void {
  const all = { ...readChecksums(folder), ...Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileAtomic(path.join(folder, CHECKSUMS_NAME), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The files that a source leaves; null if they have to be brought by hand. */
async function presentFiles(
  sources: DatasetSources,
  source: SourceFile,
  folder: string,
  settings: DatasetFetchSettings,
): Promise<PresentFile[] | null> {
  const names = filesOf(source);
  const kept = await keptFiles(folder, names, settings.signal);
  if (kept.length === names.length) return kept;
  const came = await ensureSource(sources, source, folder, settings);
  if (came === null) return null;
  if (source.unpack !== undefined) {
    settings.onStep(`unpacking ${source.name}`);
    const unpacked = await unpackSource(source.name, source.unpack, folder, settings.signal);
    return unpacked.map((file) => ({ ...file, came: "unpacked" }));
  }
  const { sha256 } = await digestsOfFile(path.join(folder, source.name), settings.signal);
  return [{ name: source.name, sha256, came }];
}

/**
 * Fetches, checks and records all files of a dataset. What is there and right is kept, so an interrupted call is simply made
 * again. What has no address is demanded by name at the end, after everything else is there.
 * @param folder the data folder, whose lock the caller holds
 * @param command what to run again, for errors
 * @throws NAS_DATASET_FILES, NAS_DOWNLOAD, NAS_IMAGES, NAS_JSON, NAS_WRITE_FAILED, the signal's reason
 */
export async function fetchDatasetFiles(
  sources: DatasetSources,
  folder: string,
  command: string,
  settings: DatasetFetchSettings,
): Promise<PresentFile[]> {
  const present: PresentFile[] = [];
  const missing: SourceFile[] = [];
  for (const source of sources.files) {
    const files = await presentFiles(sources, source, folder, settings);
    if (files === null) missing.push(source);
    // Recorded source by source: what is done stays done if a later one fails.
    else if (files.some(({ came }) => came !== "kept")) record(folder, files);
    present.push(...(files ?? []));
  }
  if (missing.length === 0) return present;
  const origins = [...new Set(missing.map(({ origin }) => origin))];
  throw new HarnessError("NAS_DATASET_FILES", {
    what: `${missing.length} files have no address that lasts and are not there: ${missing.map(({ name }) => name).join(", ")}`,
    where: folder,
    allowed: origins.map((origin) => `from ${origin}`).join("\n"),
    next: `put these files into ${folder}, under these names and not in a folder of their own; then ${command} checks them`,
  });
}
