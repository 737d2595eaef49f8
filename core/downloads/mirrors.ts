import { HarnessError } from "../errors/harness-error.ts";
import { type FetchSettings, fetchFile, type WantedFile } from "./fetched-file.ts";
import { openGoogleDrive } from "./google-drive.ts";
import { openFile } from "./web-page.ts";
import type { Opener } from "./web-request.ts";

/** An address that gives a file. */
export interface Mirror {
  /** How it is asked: a plain request, or Google Drive's way with a page before large files. */
  readonly kind: "http" | "google-drive";
  readonly address: string;
}

/** A mirror that did not give the file. */
export interface MirrorFailure<M extends Mirror> {
  readonly mirror: M;
  /** As a sentence without its full stop. */
  readonly why: string;
}

const OPENERS: Readonly<Record<Mirror["kind"], Opener>> = { http: openFile, "google-drive": openGoogleDrive };

/**
 * Fetches a file from the first of several mirrors that gives it. A mirror that fails for good, or that sends other bytes than
 * the expected ones, is followed by the next; what it has left is gone on from where that is safe (see `fetchFile`).
 * @param onMirror told of each mirror before it is asked
 * @param accept looks at the whole file before it is put in its place; NAS_DOWNLOAD that it throws is the mirror's failure
 * @returns the mirror that gave the file, or null if none did; and why the others did not
 * @throws NAS_WRITE_FAILED, the signal's reason
 */
export async function fetchFromMirrors<M extends Mirror>(
  wanted: Omit<WantedFile, "address" | "open">,
  mirrors: readonly M[],
  settings: FetchSettings,
  onMirror: (mirror: M) => void,
  accept: (part: string) => void = () => {},
): Promise<{ readonly mirror: M | null; readonly failures: readonly MirrorFailure<M>[] }> {
  const failures: MirrorFailure<M>[] = [];
  for (const mirror of mirrors) {
    onMirror(mirror);
    try {
      await fetchFile({ ...wanted, address: mirror.address, open: OPENERS[mirror.kind] }, settings, accept);
      return { mirror, failures };
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "NAS_DOWNLOAD") throw error;
      const { what, allowed } = error.details;
      failures.push({ mirror, why: allowed === undefined ? what : `${what}; allowed: ${allowed}` });
    }
  }
  return { mirror: null, failures };
}
