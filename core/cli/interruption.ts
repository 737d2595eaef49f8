/** Exit code after Ctrl-C. */
export const INTERRUPTED = 130;

/** Ctrl-C and `kill` as an abort signal; a second Ctrl-C ends at once. `restore` gives the signals back. */
export function interruptible(): { signal: AbortSignal; restore: () => void } {
  const controller = new AbortController();
  const stop = () => (controller.signal.aborted ? process.exit(INTERRUPTED) : controller.abort());
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { signal: controller.signal, restore: () => process.off("SIGINT", stop).off("SIGTERM", stop) };
}
