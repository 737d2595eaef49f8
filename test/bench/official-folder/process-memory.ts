import { readdirSync, readFileSync } from "node:fs";

const INTERVAL_MS = 100;

/** Resident memory in kB of a process, and of all below it; pages that they share count in each. */
function residentBelow(pid: number): number {
  try {
    const own = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" "),
    );
    return children.filter((child) => child !== "").reduce((sum, child) => sum + residentBelow(Number(child)), own);
  } catch {
    return 0;
  }
}

/** Watches how much memory a process and all below it have together (Linux). */
export class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  #kilobytes = 0;

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      this.#kilobytes = Math.max(this.#kilobytes, residentBelow(pid));
    }, INTERVAL_MS);
  }

  /** Ends the watch; the largest sum in MB. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#kilobytes / 1024;
  }
}
