import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";
import type { UnitReaderPlace } from "./import-source.ts";
import type { PieceOrder, PieceReport, PieceTask } from "./piece-worker.ts";

/** Settings of a pool of importing processes. */
export interface PiecePoolOptions {
  /** Number of processes. */
  readonly jobs: number;
  readonly reader: UnitReaderPlace;
  /** Called for each piece that was written, in any order. What it throws ends the pool. */
  readonly onWritten: (task: PieceTask) => void;
  /** Ends the pool early; pieces that are not written are lost. */
  readonly signal?: AbortSignal | undefined;
}

const WORKER_FILE = path.join(import.meta.dirname, `piece-worker${path.extname(import.meta.filename)}`);

/**
 * Makes pieces in processes, one at a time each.
 * @throws what `onWritten` throws and what a process reports; NAS_INTERNAL if one ends by itself
 */
export function writePieces(tasks: readonly PieceTask[], options: PiecePoolOptions): Promise<void> {
  return new PiecePool(tasks, options).done;
}

class PiecePool {
  readonly done: Promise<void>;
  readonly #options: PiecePoolOptions;
  readonly #queue: PieceTask[];
  readonly #running = new Map<ChildProcess, PieceTask | null>();
  readonly #abort = () => this.#end();
  #settle!: { resolve: () => void; reject: (error: unknown) => void };
  #isOver = false;

  constructor(tasks: readonly PieceTask[], options: PiecePoolOptions) {
    this.#options = options;
    this.#queue = [...tasks];
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    options.signal?.addEventListener("abort", this.#abort);
    const count = options.signal?.aborted ? 0 : Math.min(options.jobs, tasks.length);
    if (count === 0) this.#end();
    for (let at = 0; at < count && !this.#isOver; at++) this.#start();
  }

  #start(): void {
    const child = fork(WORKER_FILE, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#running.set(child, null);
    child.on("message", (report: PieceReport) => this.#receive(child, report));
    child.on("error", (cause) => this.#end(processFailure(`failed: ${cause.message}`, cause)));
    child.on("close", (code, signal) => this.#closed(child, signal ?? `exit code ${code}`));
    send(child, { type: "reader", reader: this.#options.reader });
  }

  #receive(child: ChildProcess, report: PieceReport): void {
    if (this.#isOver) return;
    if (report.type === "broken") {
      this.#end(HarnessError.fromReport(report.error));
      return;
    }
    const task = this.#running.get(child) ?? null;
    if (report.type === "written" && task !== null) {
      try {
        this.#options.onWritten(task);
      } catch (error) {
        this.#end(error);
        return;
      }
    }
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#running.delete(child);
      send(child, { type: "stop" });
      if (this.#running.size === 0) this.#end();
      return;
    }
    this.#running.set(child, next);
    send(child, { type: "task", task: next });
  }

  #closed(child: ChildProcess, ending: string): void {
    if (this.#isOver || !this.#running.has(child)) return;
    const task = this.#running.get(child);
    const moment = task == null ? "before it read anything" : `while it read ${task.units[0]?.name} and what follows`;
    this.#end(processFailure(`ended ${moment} (${ending})`));
  }

  #end(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    for (const child of this.#running.keys()) child.kill("SIGKILL");
    if (error === undefined) this.#settle.resolve();
    else this.#settle.reject(error);
  }
}

function send(child: ChildProcess, order: PieceOrder): void {
  // Where the process is gone already, "close" says so; the callback keeps the failed message from being an error.
  if (child.connected) child.send(order, () => {});
}

function processFailure(what: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_INTERNAL", {
    what: `an importing process ${what}`,
    next: "run the same command again, with fewer --jobs if memory is short: finished pieces are kept",
    cause,
  });
}
