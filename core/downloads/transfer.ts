import { closeSync, ftruncateSync, openSync, statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { writeFailure, writeFully } from "../files/atomic-file.ts";
import { harnessVersion } from "../files/package-version.ts";
import { ifRangeOf, type PartOrigin, readPartOrigin, validatorOf, writePartOrigin } from "./part-origin.ts";
import { ADDRESS_ADVICE, downloadFailure, type Opener, openAddress } from "./web-request.ts";

/** What one attempt transfers. */
export interface Transfer {
  readonly address: string;
  /** How the address is asked; a plain request unless given. */
  readonly open?: Opener | undefined;
  /** File that receives the bytes. What it holds already is the beginning. */
  readonly part: string;
  /** Bytes of the whole file, or null if nobody knows. */
  readonly bytes: number | null;
  /** Bytes that the file may have at most. */
  readonly most: number;
  /** Whether a checksum of the whole will tell if its pieces fit. If not, only one version of one server's file is put together. */
  readonly isVerified: boolean;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** Told how many bytes are there, and how many there will be if that is known. */
  readonly onBytes: (done: number, total: number | null) => void;
}

/** A failure that another attempt may not meet: a connection that ended, a server that is busy. */
export class PassingFailure extends Error {
  /** Milliseconds that the server asks to wait; 0 if it asks for none. */
  readonly pauseMs: number;

  constructor(message: string, { pauseMs = 0, ...options }: ErrorOptions & { pauseMs?: number } = {}) {
    super(message, options);
    this.pauseMs = pauseMs;
  }
}

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
  if (status >= 500 || PASSING_STATUSES.includes(status)) {
    const [, seconds] = /^\s*(\d{1,9})\s*$/.exec(response.headers["retry-after"] ?? "") ?? [];
    const pauseMs = 1000 * Number(seconds ?? 0);
    const asked = seconds === undefined ? "" : ` and asks to wait ${Number(seconds)} s`;
    throw new PassingFailure(`the server answers ${status}${asked}`, { pauseMs });
  }
  throw downloadFailure(`the server answers ${status}`, address, `${ADDRESS_ADVICE}, or bring the file by hand`);
}

/** Whether the server says that its file ends where the part does. */
function isWhole({ statusCode, headers }: IncomingMessage, offset: number): boolean {
  return offset > 0 && statusCode === 416 && headers["content-range"] === `bytes */${offset}`;
}

/** Whether the bytes that are there may be gone on from: those of a whole that is checked, or of a version that was named. */
function mayContinue({ isVerified, address }: Transfer, origin: PartOrigin | null): boolean {
  return isVerified || (origin?.address === address && origin.validator !== null);
}

/** Refuses to put together pieces of which it shows that they are of different files. @throws RangeFailure */
function refuseOtherVersion({ isVerified }: Transfer, origin: PartOrigin | null, next: PartOrigin): void {
  if (origin === null) return;
  if (origin.total !== null && next.total !== null && origin.total !== next.total)
    throw new RangeFailure(
      `the server's file has ${next.total} bytes, and what is there is of one with ${origin.total}`,
    );
  if (!isVerified && origin.validator !== next.validator)
    throw new RangeFailure("the server's file was changed since its beginning was fetched");
}

function refuseSize(size: number, { address, bytes, most }: Transfer): void {
  const limit = bytes ?? most;
  if (size <= limit && (bytes === null || size === bytes)) return;
  const allowed = bytes === null ? `at most ${most} bytes` : `${bytes} bytes`;
  throw new HarnessError("NAS_DOWNLOAD", {
    what: `the server's file has ${size} bytes`,
    where: address,
    allowed,
    next: `it is another file than the one that is wanted: ${ADDRESS_ADVICE}`,
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
async function receive(response: IncomingMessage, transfer: Transfer, start: number, origin: PartOrigin) {
  const { part, address, bytes, most, signal, onBytes } = transfer;
  const total = origin.total ?? bytes;
  const handle = written(part, () => openSync(part, "a"));
  let done = start;
  const ended = () => `the connection ended after ${done} of ${total ?? "an unknown number of"} bytes`;
  try {
    if (start === 0) written(part, () => ftruncateSync(handle, 0));
    writePartOrigin(part, origin);
    onBytes(done, total);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (signal.aborted) break;
      done += chunk.length;
      if (done > (bytes ?? most))
        throw downloadFailure(
          `the server sends more than ${bytes ?? most} bytes`,
          address,
          `it is another file than the one that is wanted: ${ADDRESS_ADVICE}`,
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
  const { address, open = openAddress, part, bytes, isVerified, idleMs, signal } = transfer;
  let offset = sizeOf(part);
  let origin = readPartOrigin(part);
  if (offset > 0 && offset === (bytes ?? origin?.total) && (isVerified || origin?.total === offset)) return;
  // What can't be gone on from stays until something better comes: the next address may be the one that it is from.
  if (!mayContinue(transfer, origin)) offset = 0;
  if (offset === 0) origin = null;
  // A named version is asked for only at the address that named it.
  const condition = origin !== null && origin.address === address ? ifRangeOf(origin) : {};
  const range: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-`, ...condition } : {};
  // Without a compression of the server's own, so that a range counts the file's bytes.
  const headers = { "accept-encoding": "identity", "user-agent": `nas-harness/${harnessVersion()}`, ...range };
  try {
    const response = await open(address, { headers, idleMs, signal });
    try {
      if (isVerified && isWhole(response, offset)) return;
      const { start, total } = startOf(response, transfer, offset);
      if (total !== null) refuseSize(total, transfer);
      const next = { address, validator: validatorOf(response), total };
      if (start > 0) refuseOtherVersion(transfer, origin, next);
      await receive(response, transfer, start, next);
    } finally {
      response.destroy();
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof HarnessError || cause instanceof PassingFailure) throw cause;
    throw new PassingFailure(messageOf(cause), { cause });
  }
}
