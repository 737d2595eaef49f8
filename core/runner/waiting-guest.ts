import type { BatchGuest, BatchGuestEvents } from "./guest-batch.ts";

/** How a method's process is started. */
export type LaunchGuest = (events: BatchGuestEvents) => BatchGuest;

/** A method's process that has said that it is ready and has not been given a run yet. */
export class WaitingGuest {
  readonly #guest: BatchGuest;
  #owner: BatchGuestEvents | null = null;
  #isOver = false;

  /**
   * Starts a process, so that a method that can't start is found before it is given a run.
   * @throws NAS_PLUGIN_ENTRY if it ends before it is ready
   */
  static async start(launch: LaunchGuest): Promise<WaitingGuest> {
    const waiting = new WaitingGuest(launch);
    await waiting.#guest.ready;
    return waiting;
  }

  private constructor(launch: LaunchGuest) {
    this.#guest = launch({
      onMessages: (messages) => {
        if (this.#owner !== null) this.#owner.onMessages(messages);
        else this.#dismiss();
      },
      onEnd: (end) => {
        this.#isOver = true;
        this.#owner?.onEnd(end);
      },
    });
  }

  /** It spoke before it was asked: what becomes of that is for the next process to show, which has runs to fail. */
  #dismiss(): void {
    this.#isOver = true;
    this.#guest.kill("spoke out of turn");
  }

  /** Ends a process that nobody is going to take. */
  stop(): void {
    this.#isOver = true;
    this.#guest.stop();
  }

  /** The process, once; null if it was taken before, or is gone. From now on its owner is told what it does. */
  take(owner: BatchGuestEvents): BatchGuest | null {
    if (this.#isOver || this.#owner !== null) return null;
    this.#owner = owner;
    return this.#guest;
  }
}
