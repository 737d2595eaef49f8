import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "../errors/harness-error.ts";
import { removePart } from "./part-origin.ts";
import { PassingFailure, RangeFailure, sizeOf, type Transfer, transferOnce } from "./transfer.ts";
import { downloadFailure } from "./web-request.ts";

/** How patient a download is. */
export interface Patience {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  /** An attempt that brings the part so many bytes further than it ever was is not counted; without it all are. */
  readonly progressBytes?: number;
  /** Milliseconds before the second attempt; each further pause is twice as long, up to {@link LONGEST_PAUSE_MS}. */
  readonly pauseMs: number;
  /** Milliseconds without a byte after which a connection is given up. */
  readonly idleMs: number;
}

/** For the servers of universities: six attempts in about half a minute, a minute of silence each. */
export const PATIENCE: Patience = { attempts: 6, progressBytes: 1 << 20, pauseMs: 1000, idleMs: 60_000 };

const LONGEST_PAUSE_MS = 15_000;
/** A server that asks for a longer pause (Retry-After) is left alone. */
const LONGEST_ASKED_PAUSE_MS = 60_000;

/**
 * Gets a file into `transfer.part`, in as many attempts as patience allows. Each goes on where the last one ended, unless the
 * server gives no parts. What was received stays when all have failed.
 * @param onRetry told of each failure that another attempt follows
 * @throws NAS_DOWNLOAD, NAS_WRITE_FAILED, the signal's reason
 */
export async function download(
  transfer: Omit<Transfer, "idleMs">,
  { attempts, progressBytes = Number.POSITIVE_INFINITY, pauseMs, idleMs }: Patience,
  onRetry: (why: string) => void,
): Promise<void> {
  const { part, bytes, address, signal } = transfer;
  // Longer than the whole can't be its beginning.
  if (bytes !== null && sizeOf(part) > bytes) removePart(part);
  let pause = pauseMs;
  let furthest = sizeOf(part);
  for (let attempt = 1; ; attempt++) {
    try {
      await transferOnce({ ...transfer, idleMs });
      return;
    } catch (failure) {
      if (!(failure instanceof PassingFailure)) throw failure;
      if (failure instanceof RangeFailure) removePart(part);
      if (sizeOf(part) - furthest >= progressBytes) {
        attempt = 0;
        pause = pauseMs;
        furthest = sizeOf(part);
      }
      const why = messageOf(failure);
      if (attempt >= attempts || failure.pauseMs > LONGEST_ASKED_PAUSE_MS) {
        const tried = `${attempt} ${attempt === 1 ? "attempt" : "attempts"}`;
        throw downloadFailure(
          `the file could not be fetched in ${tried}; the last one: ${why}`,
          address,
          `run the command again: it goes on after the ${sizeOf(part)} bytes that are there`,
          failure,
        );
      }
      onRetry(why);
      await wait(Math.max(pause, failure.pauseMs), undefined, { signal });
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
}
