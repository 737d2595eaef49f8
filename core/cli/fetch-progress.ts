import { formatSize } from "../files/free-space.ts";
import { Progress } from "./progress.ts";

const MEGABYTE = 1_000_000;

/** Progress of one file after the other, each with a bar of its own: bytes, bytes a second, an estimate. */
export class FetchProgress {
  #name: string | null = null;
  #progress: Progress | null = null;

  /** @param total bytes that there will be; null if nobody knows */
  update(name: string, done: number, total: number | null): void {
    if (this.#name !== name) {
      this.finish();
      this.#name = name;
      this.#progress = new Progress(name, "MB", true);
    }
    if (total === null) this.#progress?.note(`${name}: ${formatSize(done)} received`);
    else this.#progress?.update(Math.floor(done / MEGABYTE), Math.ceil(total / MEGABYTE));
  }

  /** Leaves the bar's line, so that what follows starts on its own. */
  finish(): void {
    this.#progress?.finish();
    this.#progress = null;
    this.#name = null;
  }
}
