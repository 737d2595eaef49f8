import { remark } from "./terminal.ts";

const BAR_WIDTH = 30;
const PLAIN_INTERVAL_MS = 10_000;
const BAR_INTERVAL_MS = 100;

/** `1 h 05 min`, `3 min 20 s` or `12 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 3600)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${whole} s`;
}

/**
 * Progress on stderr: a bar with an estimate on a terminal, a plain line every ten seconds elsewhere, nothing where the
 * work is over sooner.
 */
export class Progress {
  readonly #label: string;
  readonly #unit: string;
  readonly #showsRate: boolean;
  readonly #start = performance.now();
  readonly #isTerminal = process.stderr.isTTY === true;
  #doneAtStart: number | null = null;
  #lastShown = performance.now();
  #lastNote = Number.NEGATIVE_INFINITY;
  #drawn = false;

  /** @param showsRate tell how many units a second are done as well */
  constructor(label: string, unit: string, showsRate = false) {
    this.#label = label;
    this.#unit = unit;
    this.#showsRate = showsRate;
  }

  /**
   * Tells how far something inside a unit is, on a line of its own that the next one replaces; elsewhere as seldom as
   * plain lines are.
   */
  note(text: string): void {
    const now = performance.now();
    if (now - this.#lastNote < (this.#isTerminal ? BAR_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
    this.#lastNote = now;
    if (!this.#isTerminal) {
      remark(text);
      return;
    }
    process.stderr.write(`\r${text}\x1b[K`);
    this.#drawn = true;
  }

  /** Tells how much is done. */
  update(done: number, total: number): void {
    this.#doneAtStart ??= done;
    const now = performance.now();
    const interval = this.#isTerminal ? BAR_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (now - this.#lastShown < interval && !(this.#drawn && done === total)) return;
    this.#lastShown = now;
    const elapsed = (now - this.#start) / 1000;
    const fresh = done - this.#doneAtStart;
    const rate = this.#showsRate && elapsed > 0 ? `, ${(fresh / elapsed).toFixed(1)} ${this.#unit}/s` : "";
    const estimate =
      fresh > 0 && done < total ? `, about ${formatDuration((elapsed / fresh) * (total - done))} left` : "";
    const text = `${this.#label} ${done}/${total} ${this.#unit} (${Math.floor((100 * done) / Math.max(1, total))} %${rate}${estimate})`;
    if (!this.#isTerminal) {
      remark(text);
      return;
    }
    const filled = Math.round((BAR_WIDTH * done) / Math.max(1, total));
    process.stderr.write(`\r[${"#".repeat(filled)}${".".repeat(BAR_WIDTH - filled)}] ${text}\x1b[K`);
    this.#drawn = true;
  }

  /** Leaves the bar's line, so that what follows starts on its own. */
  finish(): void {
    if (this.#drawn) process.stderr.write("\n");
    this.#drawn = false;
  }
}

/** Does something that tells its progress; whatever it comes to, what is printed next has a line of its own. */
export function withProgress<T>(
  label: string,
  unit: string,
  work: (onProgress: (done: number, total: number) => void) => T,
): T {
  const progress = new Progress(label, unit);
  try {
    return work((done, total) => progress.update(done, total));
  } finally {
    progress.finish();
  }
}
