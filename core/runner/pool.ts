import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { PinnedCosts } from "../costs/constraints.ts";
import type { ErrorCode } from "../errors/catalogue.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { TrainerEnclosure } from "../isolation/guest-command.ts";
import { watchMemory } from "../isolation/memory-watch.ts";
import type { PlannedRun } from "./plan.ts";
import type { EpochMessage, TrainerSetup } from "./trainer-messages.ts";
import type { FinishedRun, SessionMethod, WorkerReport, WorkerSetup, WorkerTask } from "./worker-messages.ts";

/** What every pool of processes needs. */
export interface PoolSettings {
  /** Number of processes. */
  readonly jobs: number;
  /** Wall-clock limit of one run in seconds, or of one epoch of a run that trains; what takes longer is killed and fails. */
  readonly runLimitSeconds: number;
  /** Called with what a method prints, which must not mix with the harness's own output. */
  readonly onOutput?: (text: string) => void;
  /** Called for each run as it finishes, in any order. What it throws ends the session. */
  readonly onFinished: (finished: FinishedRun) => void;
  /** Ends the session early; runs that are not finished are lost. */
  readonly signal?: AbortSignal;
  /** Called when a run that trains has ended an epoch. What it throws ends the session. */
  readonly onEpoch?: (message: EpochMessage) => void;
  /** Where an earlier attempt of a run that trains stood, or null. */
  readonly checkpointOf?: (run: PlannedRun) => Uint8Array | null;
}

/** The settings of a pool for methods that ask and tell. */
export interface PoolOptions extends PoolSettings {
  readonly protocol: Protocol;
  readonly tableFolder: string;
  /** The cost tables that the protocol's constraints name. */
  readonly costs: readonly PinnedCosts[];
  readonly methods: readonly SessionMethod[];
  readonly extensions: readonly string[];
  /** True: every run has its edges and operations permuted, by its own seed. */
  readonly isRelabelled?: boolean;
}

/** The program that a pool's processes run. */
interface PoolProgram {
  readonly file: string;
  /** Null: started as this process was. */
  readonly enclosure: TrainerEnclosure | null;
  /** Memory in MB that a process and what it starts may use together; null: not watched. */
  readonly memoryLimitMb: number | null;
  /** First message. */
  readonly setup: WorkerSetup | TrainerSetup;
  /** Smallest and largest number of runs that a process is given at once, as long as there are enough. */
  readonly batch: readonly [smallest: number, largest: number];
}

// Few messages for short runs, but no worker left with a long tail.
const LARGEST_BATCH = 25;
// Each batch of a method that is kept apart gets a process of its own, which takes as long to start as several short runs.
const SMALLEST_GUEST_BATCH = 8;
const BYTES_PER_MB = 1_048_576;
const OWN_EXTENSION = path.extname(import.meta.filename);
const WORKER_FILE = path.join(import.meta.dirname, `worker${OWN_EXTENSION}`);
const TRAINER_FILE = path.join(import.meta.dirname, `trainer${OWN_EXTENSION}`);
// Reading a table on a slow disk must not count as a method that hangs.
const SHORTEST_SETUP_LIMIT_SECONDS = 120;
const LARGEST_TIMER_MS = 2_147_483_647;

/**
 * Executes runs in worker processes. A run that hangs, exhausts the memory or ends its process fails alone: its worker is
 * replaced and the others go on.
 * @throws what `onFinished` throws; NAS_HOOK, NAS_TABLE_*, NAS_PLUGIN_ENTRY, NAS_INTERNAL from the workers
 */
export function executeRuns(plan: readonly PlannedRun[], options: PoolOptions): Promise<void> {
  const { protocol, tableFolder, costs, methods, extensions, runLimitSeconds, isRelabelled = false } = options;
  const setup: WorkerSetup = {
    ...{ type: "setup", protocol, tableFolder, costs, methods, extensions, runLimitSeconds, isRelabelled },
  };
  const hasGuests = methods.some(({ guest }) => guest !== null);
  const batch = [hasGuests ? SMALLEST_GUEST_BATCH : 1, LARGEST_BATCH] as const;
  const program = { file: WORKER_FILE, enclosure: null, memoryLimitMb: null, setup, batch };
  return new Pool(plan, options, program).done;
}

/**
 * Executes runs of methods that train, each run in a process that has no table. As {@link executeRuns} otherwise.
 * @param apart how their processes are kept apart
 * @throws what `onFinished` and `onEpoch` throw; NAS_PLUGIN_ENTRY, NAS_TRAINING_BACKEND, NAS_WRITE_FAILED, NAS_INTERNAL
 */
export function executeTrainings(
  plan: readonly PlannedRun[],
  setup: TrainerSetup,
  settings: PoolSettings,
  apart: Pick<PoolProgram, "enclosure" | "memoryLimitMb"> = { enclosure: null, memoryLimitMb: null },
): Promise<void> {
  return new Pool(plan, settings, { ...apart, file: TRAINER_FILE, setup, batch: [1, 1] }).done;
}

class Pool {
  readonly done: Promise<void>;
  readonly #options: PoolSettings;
  readonly #program: PoolProgram;
  readonly #queue: PlannedRun[];
  readonly #smallestBatch: number;
  readonly #workers = new Set<PoolWorker>();
  #settle!: { resolve: () => void; reject: (error: unknown) => void };
  #over = false;

  constructor(plan: readonly PlannedRun[], options: PoolSettings, program: PoolProgram) {
    this.#options = options;
    this.#program = program;
    this.#queue = [...plan];
    // At least two for each worker: long runs would otherwise leave some without any.
    this.#smallestBatch = Math.min(program.batch[0], Math.max(1, Math.ceil(plan.length / (2 * options.jobs))));
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    options.signal?.addEventListener("abort", () => this.#end());
    if (options.signal?.aborted) this.#end();
    const count = Math.min(options.jobs, plan.length);
    if (count === 0) this.#end();
    for (let at = 0; at < count && !this.#over; at++) this.#start();
  }

  #start(): void {
    const worker = new PoolWorker(this.#options, this.#program, {
      nextBatch: () => this.#nextBatch(),
      finished: (finished) => this.#guarded(() => this.#options.onFinished(finished)),
      epoch: (message) => this.#guarded(() => this.#options.onEpoch?.(message)),
      broken: (error) => this.#end(error),
      stopped: (unfinished) => {
        this.#workers.delete(worker);
        this.#queue.unshift(...unfinished);
        if (this.#over) return;
        if (this.#queue.length > 0) this.#start();
        else if (this.#workers.size === 0) this.#end();
      },
    });
    this.#workers.add(worker);
  }

  #nextBatch(): PlannedRun[] {
    const [, largest] = this.#program.batch;
    const fair = Math.ceil(this.#queue.length / (this.#options.jobs * 4));
    return this.#queue.splice(0, Math.min(largest, Math.max(this.#smallestBatch, fair)));
  }

  #guarded(report: () => void): void {
    if (this.#over) return;
    try {
      report();
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    for (const worker of this.#workers) worker.kill();
    if (error === undefined) this.#settle.resolve();
    else this.#settle.reject(error);
  }
}

function isSameRun(a: PlannedRun, b: PlannedRun): boolean {
  return a.method === b.method && a.search === b.search && a.runIndex === b.runIndex;
}

interface PoolWorkerEvents {
  readonly nextBatch: () => PlannedRun[];
  readonly finished: (finished: FinishedRun) => void;
  readonly epoch: (message: EpochMessage) => void;
  readonly broken: (error: HarnessError) => void;
  /** The process is gone; these runs were given to it and not finished. */
  readonly stopped: (unfinished: readonly PlannedRun[]) => void;
}

class PoolWorker {
  readonly #process: ChildProcess;
  readonly #events: PoolWorkerEvents;
  readonly #options: PoolSettings;
  readonly #limitSeconds: number;
  readonly #methods: readonly string[];
  #batch: PlannedRun[] = [];
  #running: PlannedRun | null = null;
  #timer: NodeJS.Timeout | null = null;
  #ready = false;
  #failure: { code: ErrorCode; what: string } | null = null;
  #stderr = "";

  constructor(options: PoolSettings, { file, enclosure, memoryLimitMb, setup }: PoolProgram, events: PoolWorkerEvents) {
    this.#events = events;
    this.#options = options;
    this.#limitSeconds = options.runLimitSeconds;
    this.#process = fork(file, {
      serialization: "advanced",
      ...(enclosure === null ? { execArgv: [] } : { ...enclosure, execArgv: [...enclosure.execArgv] }),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#process.stdout?.on("data", (text: Buffer) => options.onOutput?.(text.toString("utf8")));
    // Kept for the message if the process dies.
    this.#process.stderr?.on("data", (text: Buffer) => {
      this.#stderr = (this.#stderr + text.toString("utf8")).slice(-4000);
      options.onOutput?.(text.toString("utf8"));
    });
    this.#process.on("message", (report: WorkerReport | EpochMessage) => {
      if (report.type === "output") options.onOutput?.(report.text);
      else this.#receive(report);
    });
    this.#process.on("error", (cause) =>
      events.broken(new HarnessError("NAS_INTERNAL", { what: `a worker process failed: ${cause.message}`, cause })),
    );
    this.#process.on("close", (code, signal) => this.#closed(code, signal));
    const { pid } = this.#process;
    if (memoryLimitMb !== null && pid !== undefined) {
      const unwatch = watchMemory(pid, memoryLimitMb * BYTES_PER_MB, () => this.#exceed(memoryLimitMb));
      this.#process.on("close", unwatch);
    }
    this.#methods = setup.methods.map(({ method }) => method);
    this.#startTimer(Math.max(this.#limitSeconds, SHORTEST_SETUP_LIMIT_SECONDS));
    this.#process.send(setup);
  }

  kill(): void {
    this.#stopTimer();
    this.#process.kill("SIGKILL");
  }

  #receive(report: Exclude<WorkerReport, { type: "output" }> | EpochMessage): void {
    switch (report.type) {
      case "ready":
      case "idle":
        this.#stopTimer();
        this.#ready = true;
        this.#running = null;
        this.#assign();
        return;
      case "starting":
        this.#running = report.run;
        this.#startTimer(this.#limitSeconds);
        return;
      case "epoch":
        this.#startTimer(this.#limitSeconds);
        this.#events.epoch(report);
        return;
      case "guarding":
        this.#stopTimer();
        this.#running = null;
        return;
      case "finished":
        this.#stopTimer();
        this.#running = null;
        this.#batch = this.#batch.filter((run) => !isSameRun(run, report.finished.run));
        this.#events.finished(report.finished);
        return;
      case "broken":
        this.#events.broken(HarnessError.fromReport(report.error));
    }
  }

  #assign(): void {
    this.#batch = this.#events.nextBatch();
    // Not disconnect(): after the parent's own, Node never emits "close" for the child.
    const { checkpointOf } = this.#options;
    const checkpoints = checkpointOf === undefined ? {} : { checkpoints: this.#batch.map(checkpointOf) };
    const task: WorkerTask =
      this.#batch.length > 0 ? { type: "runs", runs: this.#batch, ...checkpoints } : { type: "stop" };
    if (this.#process.connected) this.#process.send(task);
  }

  #startTimer(seconds: number): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => this.#expire(seconds), Math.min(seconds * 1000, LARGEST_TIMER_MS));
  }

  #expire(seconds: number): void {
    if (this.#running !== null) {
      const { method, runIndex } = this.#running;
      const what = `${method} did not finish run ${runIndex} within ${seconds} s (--run-limit)`;
      this.#failure = { code: "NAS_ALGORITHM_TIMEOUT", what };
    }
    this.kill();
  }

  #exceed(limitMb: number): void {
    const { method, runIndex } = this.#running ?? { method: this.#methods.join(", "), runIndex: null };
    const what = `${method} used more than ${limitMb} MB${runIndex === null ? "" : ` in run ${runIndex}`} (--memory-limit)`;
    this.#failure = { code: "NAS_ALGORITHM_DIED", what };
    this.kill();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #closed(code: number | null, signal: string | null): void {
    this.#stopTimer();
    const ending = signal ?? `exit code ${code}`;
    if (!this.#ready) {
      // It never got as far as a run, and a second attempt would end the same.
      this.#events.broken(
        new HarnessError("NAS_PLUGIN_ENTRY", {
          what: `a worker process ended while it loaded ${this.#methods.join(", ")} (${ending})`,
          where: this.#stderr.trim().split("\n").slice(-8).join("\n"),
          next: "an entry module must only define its algorithm; run it with node to see what it does",
        }),
      );
    }
    // A process that dies between two runs is blamed on the next one: so every death moves the plan on.
    const blamed = this.#running ?? (code === 0 ? null : (this.#batch[0] ?? null));
    if (this.#ready && blamed !== null) {
      const memory = /heap out of memory|heap limit/i.test(this.#stderr) ? "it ran out of memory" : null;
      const failure = this.#failure ?? {
        code: "NAS_ALGORITHM_DIED" as const,
        what: `${blamed.method} ended its process in run ${blamed.runIndex} (${memory ?? ending})`,
      };
      this.#batch.shift();
      this.#events.finished({
        run: blamed,
        outcome: { trace: [], answers: [], refusedBy: [], failure },
        cpuSeconds: 0,
      });
    }
    this.#events.stopped(this.#batch);
  }
}
