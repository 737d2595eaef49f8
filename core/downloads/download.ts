import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "../errors/harness-error.ts";
import { PassingFailure, RangeFailure, sizeOf, type Transfer, transferOnce } from "./transfer.ts";
import { downloadFailure } from "./web-request.ts";

/** How patient a download is. */
export interface Patience {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; each further pause is twice as long, up to {@link LONGEST_PAUSE_MS}. */
  readonly pauseMs: number;
  /** Milliseconds without a byte after which a connection is given up. */
  readonly idleMs: number;
}

/** For the servers of universities: six attempts in about half a minute, a minute of silence each. */
export const PATIENCE: Patience = { attempts: 6, pauseMs: 1000, idleMs: 60_000 };

const LONGEST_PAUSE_MS = 15_000;

/**
 * Gets a file into `transfer.part`, in as many attempts as patience allows. Each goes on where the last one ended, unless the
 * server gives no parts. What was received stays when all have failed.
 * @param onRetry told of each failure that another attempt follows
 * @throws NAS_DOWNLOAD, NAS_WRITE_FAILED, the signal's reason
 */
export async function download(
  transfer: Omit<Transfer, "idleMs">,
  { attempts, pauseMs, idleMs }: Patience,
  onRetry: (why: string) => void,
): Promise<void> {
  const { part, bytes, address, signal } = transfer;
  // Longer than the whole can't be its beginning.
  if (bytes !== null && sizeOf(part) > bytes) rmSync(part);
  let pause = pauseMs;
  for (let attempt = 1; ; attempt++) {
    try {
      await transferOnce({ ...transfer, idleMs });
      return;
    } catch (failure) {
      if (!(failure instanceof PassingFailure)) throw failure;
      if (failure instanceof RangeFailure) rmSync(part, { force: true });
      const why = messageOf(failure);
      if (attempt >= attempts) {
        throw downloadFailure(
          `the file could not be fetched in ${attempts} attempts; the last one: ${why}`,
          address,
          `run the command again: it goes on after the ${sizeOf(part)} bytes that are there`,
          failure,
        );
      }
      onRetry(why);
      await wait(pause, undefined, { signal });
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
}
