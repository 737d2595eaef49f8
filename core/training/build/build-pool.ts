import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";
import type { SplitImages } from "../trial.ts";
import type { BuildTask } from "./build-plan.ts";
import type { BuildOrder, BuildReport } from "./build-worker.ts";
import type { BuiltTrial } from "./trial-line.ts";

/** Settings of a pool of building processes. */
export interface BuildPoolOptions {
  /** Number of processes: one a core, since threads of the wasm backend do not work in Node. */
  readonly jobs: number;
  readonly images: SplitImages;
  /** Called for each finished training, in any order. What it throws ends the build. */
  readonly onTrained: (task: BuildTask, trial: BuiltTrial, seconds: number) => void;
  /** Ends the pool early; trainings that are going on are lost. */
  readonly signal?: AbortSignal;
}

const WORKER_FILE = path.join(import.meta.dirname, `build-worker${path.extname(import.meta.filename)}`);

/**
 * Trains tasks in processes, one training at a time each.
 * @throws what `onTrained` throws and what a process reports; NAS_INTERNAL if one ends by itself
 */
export function trainAll(tasks: readonly BuildTask[], options: BuildPoolOptions): Promise<void> {
  return new BuildPool(tasks, options).done;
}

class BuildPool {
  readonly done: Promise<void>;
  readonly #options: BuildPoolOptions;
  readonly #queue: BuildTask[];
  readonly #workers = new Set<BuildProcess>();
  readonly #abort = () => this.#end();
  #settle!: { resolve: () => void; reject: (error: unknown) => void };
  #isOver = false;

  constructor(tasks: readonly BuildTask[], options: BuildPoolOptions) {
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
    const worker = new BuildProcess(this.#options.images, {
      next: () => this.#queue.shift(),
      trained: (task, trial, seconds) => this.#keep(task, trial, seconds),
      broken: (error) => this.#end(error),
      stopped: () => {
        this.#workers.delete(worker);
        if (this.#workers.size === 0) this.#end();
      },
    });
    this.#workers.add(worker);
  }

  #keep(task: BuildTask, trial: BuiltTrial, seconds: number): void {
    // A message may still be on its way when the build has ended and its files are closed.
    if (this.#isOver) return;
    try {
      this.#options.onTrained(task, trial, seconds);
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    for (const worker of this.#workers) worker.kill();
    if (error === undefined) this.#settle.resolve();
    else this.#settle.reject(error);
  }
}

interface BuildProcessEvents {
  /** The next task, or undefined if there is none: then the process is stopped. */
  readonly next: () => BuildTask | undefined;
  readonly trained: (task: BuildTask, trial: BuiltTrial, seconds: number) => void;
  readonly broken: (error: HarnessError) => void;
  /** The process has ended after it was told to. */
  readonly stopped: () => void;
}

class BuildProcess {
  readonly #process: ChildProcess;
  readonly #events: BuildProcessEvents;
  #task: BuildTask | undefined;
  #isStopping = false;

  constructor(images: SplitImages, events: BuildProcessEvents) {
    this.#events = events;
    this.#process = fork(WORKER_FILE, {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#process.on("message", (report: BuildReport) => this.#receive(report));
    this.#process.on("error", (cause) => events.broken(processFailure(`failed: ${cause.message}`, cause)));
    this.#process.on("close", (code, signal) => this.#closed(signal ?? `exit code ${code}`));
    this.#send({ type: "images", images });
  }

  kill(): void {
    this.#isStopping = true;
    this.#process.kill("SIGKILL");
  }

  #receive(report: BuildReport): void {
    if (report.type === "broken") {
      this.#events.broken(HarnessError.fromReport(report.error));
      return;
    }
    if (report.type === "trained" && this.#task !== undefined) {
      this.#events.trained(this.#task, report.trial, report.seconds);
    }
    this.#task = this.#events.next();
    this.#isStopping ||= this.#task === undefined;
    this.#send(this.#task === undefined ? { type: "stop" } : { type: "task", task: this.#task });
  }

  #send(order: BuildOrder): void {
    // Where the process is gone already, "close" says so; the callback keeps the failed message from being an error.
    if (this.#process.connected) this.#process.send(order, () => {});
  }

  #closed(ending: string): void {
    if (this.#isStopping) {
      this.#events.stopped();
      return;
    }
    const moment =
      this.#task === undefined ? "before its first training" : `in architecture ${this.#task.architecture}`;
    this.#events.broken(processFailure(`ended ${moment} (${ending})`));
  }
}

function processFailure(what: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_INTERNAL", {
    what: `a building process ${what}`,
    next: "run the same command again, with fewer --jobs if memory is short: finished trainings are kept",
    cause,
  });
}
