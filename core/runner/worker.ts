/** Entry of a worker process: opens the search view, loads the methods, executes the runs that it is sent. */
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import type { Algorithm } from "../plugins/algorithm.ts";
import { HookTable } from "../plugins/hooks.ts";
import { deepFreeze } from "../plugins/options.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { applyExtensions, loadAlgorithm } from "../plugins/plugin-module.ts";
import { findSearch } from "../protocols/protocol-file.ts";
import { openSearchView } from "../tables/search-view.ts";
import { buildEvaluationTable, type EvaluationTable } from "./evaluation-table.ts";
import { endWithParent } from "./parent-watch.ts";
import type { PlannedRun } from "./plan.ts";
import { executeRun, type RunOutcome } from "./run.ts";
import type { SessionMethod, WorkerReport, WorkerSetup, WorkerTask } from "./worker-messages.ts";

/** Resolves when the message has left this process: a method that hangs right afterwards must not hold it back. */
function send(report: WorkerReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(report, undefined, undefined, () => resolve());
  });
}

/** What a worker keeps between runs: nothing that a run could change. */
class WorkerSession {
  readonly #setup: WorkerSetup;
  readonly #hooks = new HookTable();
  readonly #methods = new Map<string, { algorithm: Algorithm; options: Record<string, unknown> }>();
  readonly #tables = new Map<string, EvaluationTable>();

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  async load(): Promise<void> {
    await applyExtensions(this.#setup.extensions, this.#hooks);
    const view = openSearchView(this.#setup.tableFolder);
    for (const search of this.#setup.protocol.searches) this.#tables.set(search.id, buildEvaluationTable(view, search));
    for (const method of this.#setup.methods) this.#methods.set(method.method, await this.#loadMethod(method));
  }

  async execute(run: PlannedRun): Promise<void> {
    const { method, search, runIndex } = run;
    const loaded = this.#methods.get(method);
    const table = this.#tables.get(search);
    if (loaded === undefined || table === undefined)
      throw new Error(`run of unknown method or search: ${method}, ${search}`);
    await send({ type: "starting", run });
    const before = process.cpuUsage();
    const outcome = executeRun(loaded.algorithm, {
      run: { protocol: this.#setup.protocol.id, search, method, runIndex },
      seed: run.seed,
      search: findSearch(this.#setup.protocol, search),
      table,
      options: loaded.options,
      hooks: this.#hooks,
    });
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

  async #loadMethod(method: SessionMethod) {
    const algorithm = await loadAlgorithm(locateAlgorithm(method.folder));
    return { algorithm, options: deepFreeze(structuredClone(method.options)) };
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
    for (const run of message.runs) await session?.execute(run);
    await send({ type: "idle" });
  } catch (thrown) {
    await reportBroken(thrown);
  }
});
