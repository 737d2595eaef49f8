import { closeSync, openSync } from "node:fs";
import { writeFailure, writeFully } from "../files/atomic-file.ts";
import type { EpochMessage } from "../runner/trainer-messages.ts";
import { formatArchitecture } from "../space/codec.ts";
import { formatDuration } from "./progress.ts";

/** Appends a JSON line for each epoch of methods that train. */
export class EpochLog {
  readonly #file: string;
  readonly #handle: number;

  /** Opens the file to add to it. @throws NAS_WRITE_FAILED */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#handle = openSync(file, "a");
    } catch (cause) {
      throw writeFailure(file, cause);
    }
  }

  /** @throws NAS_WRITE_FAILED */
  add({ run: { method, search, runIndex }, progress }: EpochMessage): void {
    const { epoch, epochs, architecture, spentMs, figures } = progress;
    const line = {
      ...{ method, search, runIndex, epoch, epochs, architecture, cell: formatArchitecture(architecture), spentMs },
      ...figures,
    };
    try {
      writeFully(this.#handle, Buffer.from(`${JSON.stringify(line)}\n`, "utf8"));
    } catch (cause) {
      throw writeFailure(this.#file, cause);
    }
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** Most figures that a live line shows. */
const MOST_SHOWN = 4;

/** How runs that train are getting on, as a line for people. */
export class EpochLine {
  readonly #started = new Map<string, { readonly at: number; readonly epoch: number }>();

  /** @param now milliseconds of a steady clock */
  text({ run, progress }: EpochMessage, now: number): string {
    const { epoch, epochs, architecture, figures } = progress;
    const key = `${run.method}/${run.search}/${run.runIndex}`;
    const start = this.#started.get(key);
    if (start === undefined) this.#started.set(key, { at: now, epoch });
    const left =
      start === undefined || epoch === start.epoch
        ? ""
        : `, about ${formatDuration(((now - start.at) / (epoch - start.epoch) / 1000) * (epochs - epoch))} left`;
    const shown = Object.entries(figures)
      .slice(0, MOST_SHOWN)
      .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
    return [
      `${run.method} run ${run.runIndex}: epoch ${epoch}/${epochs}${left}`,
      ...shown,
      `cell ${architecture}`,
    ].join(", ");
  }
}
