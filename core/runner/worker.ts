/** Entry of a worker process: opens the search view, loads the methods, executes the runs that it is sent. */
import { type Constraints, openConstraints } from "../costs/constraints.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { guestCommand } from "../isolation/guest-command.ts";
import { GuestProcess } from "../isolation/guest-process.ts";
import type { Algorithm } from "../plugins/algorithm.ts";
import { HookTable } from "../plugins/hooks.ts";
import { deepFreeze } from "../plugins/options.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { applyExtensions, loadAlgorithm } from "../plugins/plugin-module.ts";
import { findSearch } from "../protocols/protocol-file.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { type Relabelling, randomRelabelling } from "../space/relabelling.ts";
import { openSearchView } from "../tables/search-view.ts";
import type { RunInputs, RunOutcome } from "./active-run.ts";
import { buildEvaluationTable, type EvaluationTable } from "./evaluation-table.ts";
import { executeGuestBatch } from "./guest-batch.ts";
import { endWithParent } from "./parent-watch.ts";
import type { PlannedRun } from "./plan.ts";
import { executeRun } from "./run.ts";
import { type LaunchGuest, WaitingGuest } from "./waiting-guest.ts";
import type { SessionMethod, WorkerReport, WorkerSetup, WorkerTask } from "./worker-messages.ts";

/** Resolves when the message has left this process: a method that hangs right afterwards must not hold it back. */
function send(report: WorkerReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(report, undefined, undefined, () => resolve());
  });
}

/** The relabelling of a run, in a stream that no method's generator touches. */
function relabellingOf(seed: string): Relabelling {
  return randomRelabelling(new Random(hashOf(["nas-harness/relabelling", seed])));
}

/** A method that runs in this process, or how to start one of its own. */
interface LoadedMethod {
  readonly options: Record<string, unknown>;
  readonly algorithm: Algorithm | null;
  readonly launch: LaunchGuest | null;
}

/** What a worker keeps between runs: nothing that a run could change. */
class WorkerSession {
  readonly #setup: WorkerSetup;
  readonly #hooks = new HookTable();
  readonly #methods = new Map<string, LoadedMethod>();
  readonly #tables = new Map<string, EvaluationTable>();
  #constraints: ReadonlyMap<string, Constraints> = new Map();

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  async load(): Promise<void> {
    await applyExtensions(this.#setup.extensions, this.#hooks);
    const view = openSearchView(this.#setup.tableFolder);
    for (const search of this.#setup.protocol.searches) this.#tables.set(search.id, buildEvaluationTable(view, search));
    this.#constraints = openConstraints(this.#setup.protocol, this.#setup.costs).bySearch;
    for (const method of this.#setup.methods) this.#methods.set(method.method, await this.#loadMethod(method));
  }

  /** Executes runs; those of a method in a process of its own share one. */
  async executeAll(runs: readonly PlannedRun[]): Promise<void> {
    for (const method of new Set(runs.map((run) => run.method))) {
      const own = runs.filter((run) => run.method === method);
      const { algorithm, launch } = this.#loaded(method);
      if (launch !== null) await this.#executeInGuest(own, launch);
      else for (const run of own) await this.#execute(run, algorithm as Algorithm);
    }
  }

  #loaded(method: string): LoadedMethod {
    const loaded = this.#methods.get(method);
    if (loaded === undefined) throw new Error(`run of unknown method: ${method}`);
    return loaded;
  }

  #inputs({ method, search, runIndex, seed }: PlannedRun): RunInputs {
    const table = this.#tables.get(search);
    if (table === undefined) throw new Error(`run of unknown search: ${search}`);
    const constraints = this.#constraints.get(search);
    return {
      run: { protocol: this.#setup.protocol.id, search, method, runIndex },
      seed,
      search: findSearch(this.#setup.protocol, search),
      table,
      options: this.#loaded(method).options,
      hooks: this.#hooks,
      ...(constraints === undefined ? {} : { constraints }),
      ...(this.#setup.isRelabelled ? { relabelling: relabellingOf(seed) } : {}),
    };
  }

  async #executeInGuest(runs: readonly PlannedRun[], launch: LaunchGuest): Promise<void> {
    await send({ type: "guarding" });
    const inputs = runs.map((run) => this.#inputs(run));
    const sent: Promise<void>[] = [];
    await executeGuestBatch(inputs, {
      launch,
      limitSeconds: this.#setup.runLimitSeconds,
      onFinished: (finished, outcome, cpuSeconds) => {
        const run = runs[inputs.indexOf(finished)] as PlannedRun;
        sent.push(send({ type: "finished", finished: { run, outcome, cpuSeconds } }));
      },
    });
    await Promise.all(sent);
  }

  async #execute(run: PlannedRun, algorithm: Algorithm): Promise<void> {
    await send({ type: "starting", run });
    const before = process.cpuUsage();
    const outcome = executeRun(algorithm, this.#inputs(run));
    const used = process.cpuUsage(before);
    // A method may have left promises and callbacks behind: what they throw is its failure too.
    await new Promise(setImmediate);
    const stray = takeStrayError();
    await send({
      type: "finished",
      finished: {
        run,
        outcome: stray === null ? outcome : strayOutcome(run, outcome, stray),
        cpuSeconds: (used.user + used.system) / 1e6,
      },
    });
  }

  async #loadMethod({ folder, options: given, guest }: SessionMethod): Promise<LoadedMethod> {
    const options = deepFreeze(structuredClone(given));
    const plugin = locateAlgorithm(folder);
    if (guest === null) return { options, algorithm: await loadAlgorithm(plugin), launch: null };
    const command = guestCommand(plugin, guest);
    const launch: LaunchGuest = (events) =>
      new GuestProcess(command, guest.memoryLimitMb, {
        ...events,
        onOutput: (text) => void send({ type: "output", text }),
      });
    // A method that can't start ends the session, and not each of its runs. The process is for the first of them.
    const waiting = await WaitingGuest.start(launch);
    // Of many methods most would wait for long.
    if (this.#setup.methods.length > 1) waiting.stop();
    return { options, algorithm: null, launch: (events) => waiting.take(events) ?? launch(events) };
  }
}

function reportBroken(thrown: unknown): Promise<void> {
  const error =
    thrown instanceof HarnessError
      ? thrown
      : new HarnessError("NAS_INTERNAL", {
          what: messageOf(thrown),
          ...(thrown instanceof Error && thrown.stack !== undefined ? { where: thrown.stack } : {}),
          next: "please report this",
        });
  return send({ type: "broken", error: error.toReport() });
}

let session: WorkerSession | null = null;
let strayError: { readonly thrown: unknown } | null = null;

function takeStrayError(): { readonly thrown: unknown } | null {
  const taken = strayError;
  strayError = null;
  return taken;
}

function strayOutcome(run: PlannedRun, outcome: RunOutcome, { thrown }: { readonly thrown: unknown }): RunOutcome {
  const what = `${run.method} threw outside of ask and tell: ${messageOf(thrown)} (run ${run.runIndex})`;
  return { ...outcome, answers: [], failure: outcome.failure ?? { code: "NAS_ALGORITHM_THREW", what } };
}

process.on("uncaughtException", (thrown) => {
  strayError ??= { thrown };
});

endWithParent();

// Ctrl-C reaches the whole process group; the parent decides when its workers stop.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", async (message: WorkerSetup | WorkerTask) => {
  try {
    if (message.type === "setup") {
      session = new WorkerSession(message);
      await session.load();
      await send({ type: "ready" });
      return;
    }
    if (message.type === "stop") process.exit(0);
    await session?.executeAll(message.runs);
    await send({ type: "idle" });
  } catch (thrown) {
    await reportBroken(thrown);
  }
});
