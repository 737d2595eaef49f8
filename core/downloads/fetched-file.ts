import { renameSync } from "node:fs";
import path from "node:path";
import { syncFolder, writeFailure } from "../files/atomic-file.ts";
import { checksumFault, hasChecksum, type KnownChecksums } from "./checksums.ts";
import { download, type Patience } from "./download.ts";
import { removePart, removePartOrigin } from "./part-origin.ts";
import { sizeOf } from "./transfer.ts";
import { downloadFailure, type Opener } from "./web-request.ts";

/** A file to be fetched, and what is known of it. */
export interface WantedFile extends KnownChecksums {
  readonly address: string;
  /** How the address is asked, where more than a request is needed. */
  readonly open?: Opener;
  /** Where it goes. What is received lies in `<file>.part` until it is whole and checked. */
  readonly file: string;
  /** Its size, or null if nobody knows. */
  readonly bytes: number | null;
  /** Bytes that it may have at most. */
  readonly most: number;
}

/** How a file is fetched. */
export interface FetchSettings {
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number | null) => void;
  /** Told in words of each failure that another attempt follows. */
  readonly onRetry: (why: string) => void;
}

/**
 * Fetches a file and puts it in its place once it is whole and has the checksums that are known. Goes on from what an earlier
 * call has left where that is safe: if a checksum is known to tell whether it fits, or if the server shows that its file is
 * still the same one. What does not fit in the end is thrown away, and everything is fetched anew, once.
 * @param accept looks at the whole file before it is put in its place, and throws if it is not the one that is wanted
 * @throws NAS_DOWNLOAD, NAS_WRITE_FAILED, what `accept` throws, the signal's reason
 */
export async function fetchFile(
  wanted: WantedFile,
  settings: FetchSettings,
  accept: (part: string) => void = () => {},
): Promise<void> {
  const { address, open, file, bytes, most } = wanted;
  const { patience, signal, onBytes, onRetry } = settings;
  const part = `${file}.part`;
  const isVerified = hasChecksum(wanted);
  let isResumed = sizeOf(part) > 0;
  for (;;) {
    await download({ address, open, part, bytes, most, isVerified, signal, onBytes }, patience, onRetry);
    const fault = await checksumFault(part, wanted, signal);
    if (fault === null) break;
    removePart(part);
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
    removePart(part);
    throw refused;
  }
  try {
    renameSync(part, file);
    syncFolder(path.dirname(file));
    removePartOrigin(part);
  } catch (cause) {
    throw writeFailure(file, cause);
  }
}
