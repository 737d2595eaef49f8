import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { syncFolder, writeFailure } from "../files/atomic-file.ts";
import { download, type Patience } from "./download.ts";
import { digestsOfFile } from "./file-digest.ts";
import { sizeOf } from "./transfer.ts";
import { downloadFailure } from "./web-request.ts";

/** A file to be fetched, and what is known of it. */
export interface WantedFile {
  readonly address: string;
  /** Where it goes. What is received lies in `<file>.part` until it is whole and checked. */
  readonly file: string;
  /** Its size, or null if nobody knows. */
  readonly bytes: number | null;
  /** Bytes that it may have at most. */
  readonly most: number;
  /** In hexadecimal, as far as known. */
  readonly md5?: string;
  readonly sha256?: string;
}

/** How a file is fetched. */
export interface FetchSettings {
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number | null) => void;
  /** Told in words of each failure that another attempt follows. */
  readonly onRetry: (why: string) => void;
}

/** In which checksum a file differs from what is known of it, as a sentence; null if in none. */
export async function checksumFault(
  file: string,
  known: { readonly md5?: string; readonly sha256?: string },
  signal: AbortSignal,
): Promise<string | null> {
  if (known.md5 === undefined && known.sha256 === undefined) return null;
  const digests = await digestsOfFile(file, signal);
  for (const [name, title] of [
    ["sha256", "SHA-256"],
    ["md5", "MD5"],
  ] as const) {
    const expected = known[name];
    if (expected !== undefined && digests[name] !== expected)
      return `its ${title} is ${digests[name]} instead of ${expected}`;
  }
  return null;
}

/**
 * Fetches a file and puts it in its place once it is whole and has the checksums that are known. Goes on from what an earlier
 * call has left, if a checksum is known to tell whether that fits; if it does not fit, everything is fetched anew, once.
 * @param accept looks at the whole file before it is put in its place, and throws if it is not the one that is wanted
 * @throws NAS_DOWNLOAD, NAS_WRITE_FAILED, what `accept` throws, the signal's reason
 */
export async function fetchFile(
  wanted: WantedFile,
  settings: FetchSettings,
  accept: (part: string) => void = () => {},
): Promise<void> {
  const { address, file, bytes, most, md5, sha256 } = wanted;
  const { patience, signal, onBytes, onRetry } = settings;
  const part = `${file}.part`;
  if (md5 === undefined && sha256 === undefined) rmSync(part, { force: true });
  let isResumed = sizeOf(part) > 0;
  for (;;) {
    await download({ address, part, bytes, most, signal, onBytes }, patience, onRetry);
    const fault = await checksumFault(part, wanted, signal);
    if (fault === null) break;
    rmSync(part, { force: true });
    if (!isResumed)
      throw downloadFailure(
        `the file that was fetched is not the expected one: ${fault}; it was thrown away`,
        address,
        "run the command again; if it happens again, the address leads to another file: bring the right one by hand",
      );
    onRetry(`what an earlier attempt has left does not fit: ${fault}`);
    isResumed = false;
  }
  try {
    accept(part);
  } catch (refused) {
    rmSync(part, { force: true });
    throw refused;
  }
  try {
    renameSync(part, file);
    syncFolder(path.dirname(file));
  } catch (cause) {
    throw writeFailure(file, cause);
  }
}
