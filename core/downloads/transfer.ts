import { closeSync, ftruncateSync, openSync, statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { writeFailure, writeFully } from "../files/atomic-file.ts";
import { harnessVersion } from "../files/package-version.ts";
import { downloadFailure, openAddress } from "./web-request.ts";

/** What one attempt transfers. */
export interface Transfer {
  readonly address: string;
  /** File that receives the bytes. What it holds already is the beginning. */
  readonly part: string;
  /** Bytes of the whole file, or null if nobody knows. */
  readonly bytes: number | null;
  /** Bytes that the file may have at most. */
  readonly most: number;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** Told how many bytes are there, and how many there will be if that is known. */
  readonly onBytes: (done: number, total: number | null) => void;
}

/** A failure that another attempt may not meet: a connection that ended, a server that is busy. */
export class PassingFailure extends Error {}

/** The server can't go on where the part ends: the part may be of another file, and the next attempt has to start anew. */
export class RangeFailure extends PassingFailure {}

/** Statuses below 500 that say that the same request may be granted later. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];

/** Bytes of a file; 0 if it is not there. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** First byte and size of the whole, of `bytes 5-9/10`; the size is null where the server does not tell. */
function contentRange(response: IncomingMessage): { start: number; total: number | null } | null {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers["content-range"] ?? "") ?? [];
  return start === undefined ? null : { start: Number(start), total: total === "*" ? null : Number(total) };
}

/**
 * From which byte on an answer gives the file, and how many bytes the server says the whole has.
 * @param offset the byte that was asked for
 * @throws NAS_DOWNLOAD for an answer that will not change, PassingFailure for one that may
 */
function startOf(
  response: IncomingMessage,
  { address }: Transfer,
  offset: number,
): { start: number; total: number | null } {
  const status = response.statusCode ?? 0;
  if (status === 200) {
    const length = response.headers["content-length"];
    return { start: 0, total: length === undefined ? null : Number(length) };
  }
  if (status === 206 && offset > 0) {
    const range = contentRange(response);
    if (range?.start === offset) return range;
  }
  if (status === 206 || status === 416)
    throw new RangeFailure(`the server does not give the part that was asked for (it answers ${status})`);
  if (status >= 500 || PASSING_STATUSES.includes(status)) throw new PassingFailure(`the server answers ${status}`);
  throw downloadFailure(
    `the server answers ${status}`,
    address,
    "look whether the address in the dataset's sources.json is still right, or bring the file by hand",
  );
}

function refuseSize(size: number, { address, bytes, most }: Transfer): void {
  const limit = bytes ?? most;
  if (size <= limit && (bytes === null || size === bytes)) return;
  const allowed = bytes === null ? `at most ${most} bytes` : `${bytes} bytes`;
  throw new HarnessError("NAS_DOWNLOAD", {
    what: `the server's file has ${size} bytes`,
    where: address,
    allowed,
    next: "it is another file than the dataset's sources.json describes: look whether the address is still right",
  });
}

/** What a write gives. @throws NAS_WRITE_FAILED if it fails */
function written<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw writeFailure(file, cause);
  }
}

/** Writes the body behind the first `start` bytes of the part. */
async function receive(response: IncomingMessage, transfer: Transfer, start: number, total: number | null) {
  const { part, address, bytes, most, signal, onBytes } = transfer;
  const handle = written(part, () => openSync(part, "a"));
  let done = start;
  const ended = () => `the connection ended after ${done} of ${total ?? "an unknown number of"} bytes`;
  try {
    if (start === 0) written(part, () => ftruncateSync(handle, 0));
    onBytes(done, total);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (signal.aborted) break;
      done += chunk.length;
      if (done > (bytes ?? most))
        throw downloadFailure(
          `the server sends more than ${bytes ?? most} bytes`,
          address,
          "it is another file than the dataset's sources.json describes: look whether the address is still right",
        );
      written(part, () => writeFully(handle, chunk));
      onBytes(done, total);
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof HarnessError) throw cause;
    // Node says "aborted" of a connection that ended too early, which nobody did.
    const reason = messageOf(cause) === "aborted" ? "" : ` (${messageOf(cause)})`;
    throw new PassingFailure(`${ended()}${reason}`, { cause });
  } finally {
    closeSync(handle);
    response.destroy();
  }
  signal.throwIfAborted();
  if (!response.complete || (total !== null && done < total)) throw new PassingFailure(ended());
}

/**
 * One attempt to get the rest of a file, or all of it where the server gives no parts. What was received stays in the part.
 * @throws NAS_DOWNLOAD, NAS_WRITE_FAILED, PassingFailure, the signal's reason
 */
export async function transferOnce(transfer: Transfer): Promise<void> {
  const { address, part, bytes, idleMs, signal } = transfer;
  const offset = sizeOf(part);
  if (bytes !== null && offset === bytes) return;
  const range: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
  // Without a compression of the server's own, so that a range counts the file's bytes.
  const headers = { "accept-encoding": "identity", "user-agent": `nas-harness/${harnessVersion()}`, ...range };
  try {
    const response = await openAddress(address, { headers, idleMs, signal });
    try {
      const { start, total } = startOf(response, transfer, offset);
      if (total !== null) refuseSize(total, transfer);
      await receive(response, transfer, start, total ?? bytes);
    } finally {
      response.destroy();
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof HarnessError || cause instanceof PassingFailure) throw cause;
    throw new PassingFailure(messageOf(cause), { cause });
  }
}
