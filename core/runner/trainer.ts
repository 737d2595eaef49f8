/** Entry of a trainer process: executes runs of methods that train. It opens no table and no test image. */
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { forbidSignals } from "../isolation/forbidden-signals.ts";
import { setTraps } from "../isolation/forbidden-sources.ts";
import { deepFreeze } from "../plugins/options.ts";
import { loadAlgorithm } from "../plugins/plugin-module.ts";
import { openBackend } from "../training/backend.ts";
import { operationsOn } from "../training/backend-operations.ts";
import { endWithParent } from "./parent-watch.ts";
import type { PlannedRun } from "./plan.ts";
import type { EpochMessage, TrainedMethod, TrainerSetup } from "./trainer-messages.ts";
import { executeTrainingRun } from "./training-run.ts";
import type { WorkerReport, WorkerTask } from "./worker-messages.ts";

/** Resolves when the message has left this process. */
function send(report: WorkerReport | EpochMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(report, undefined, undefined, () => resolve());
  });
}

type LoadedMethod = TrainedMethod & { readonly algorithm: Awaited<ReturnType<typeof loadAlgorithm>> };

/** What a trainer keeps between runs. */
class TrainerSession {
  readonly #setup: TrainerSetup;
  readonly #methods = new Map<string, LoadedMethod>();
  #backend: Awaited<ReturnType<typeof openBackend>> | null = null;
  #operations: ReturnType<typeof operationsOn> | null = null;

  constructor(setup: TrainerSetup) {
    this.#setup = setup;
  }

  async load(): Promise<void> {
    this.#backend = await openBackend(this.#setup.backend);
    this.#operations = operationsOn(this.#backend);
    for (const own of this.#setup.methods) {
      const { folder, method: name, entry } = own;
      const algorithm = await loadAlgorithm({ folder, manifest: { name, entry } });
      this.#methods.set(own.method, { ...own, options: deepFreeze(structuredClone(own.options)), algorithm });
    }
  }

  async execute(planned: PlannedRun, checkpoint: Uint8Array | null): Promise<void> {
    await send({ type: "starting", run: planned });
    const { method, search, runIndex, seed } = planned;
    const { algorithm, options, key } = this.#methods.get(method) as LoadedMethod;
    const own = this.#setup.searches.find((one) => one.search.id === search);
    const [backend, operations] = [this.#backend, this.#operations];
    if (own === undefined || backend === null || operations === null)
      throw new Error(`run of unknown search: ${search}`);
    const { images, recipe, cost } = own;
    const { limitMs, largest } = this.#setup;
    const { outcome, cpuSeconds } = await executeTrainingRun(algorithm, {
      run: { protocol: this.#setup.protocol, search, method, runIndex },
      dataset: own.search.dataset,
      options,
      parts: {
        ...{ operations, images, recipe, cost, limitMs, seed },
        ...(largest === undefined ? {} : { largest }),
      },
      backend: this.#setup.backend,
      mostEpochs: this.#setup.mostEpochs,
      stopsUnanswered: this.#setup.stopsUnanswered === true,
      checkpointKey: key,
      checkpoint,
      countTensors: () => backend.tf.memory().numTensors,
      onEpoch: (progress, next) => send({ type: "epoch", run: planned, progress, checkpoint: next as Uint8Array }),
    });
    // A method may have left promises and callbacks behind: what they throw is its failure too.
    await new Promise(setImmediate);
    const stray = strayError;
    strayError = null;
    const failure =
      outcome.failure ??
      (stray === null
        ? null
        : {
            code: "NAS_ALGORITHM_THREW",
            what: `${method} threw outside of its calls: ${messageOf(stray.thrown)} (run ${runIndex})`,
          });
    const answers = failure === null ? outcome.answers : [];
    await send({ type: "finished", finished: { run: planned, outcome: { ...outcome, answers, failure }, cpuSeconds } });
  }
}

let session: TrainerSession | null = null;
let strayError: { readonly thrown: unknown } | null = null;

process.on("uncaughtException", (thrown) => {
  strayError ??= { thrown };
});

// Ctrl-C reaches the whole process group; the parent decides when its workers stop.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", async (message: TrainerSetup | WorkerTask) => {
  try {
    if (message.type === "setup") {
      // A third party's process may start no threads; box and system end it with its parent.
      if (message.isApart) forbidSignals();
      else endWithParent();
      session = new TrainerSession(message);
      await session.load();
      // Not before its modules are loaded: a package may look at the clock while it starts.
      if (message.hasTraps) setTraps();
      await send({ type: "ready" });
      return;
    }
    if (message.type === "stop") process.exit(0);
    for (const [at, run] of message.runs.entries()) {
      await session?.execute(run, message.checkpoints?.[at] ?? null);
    }
    await send({ type: "idle" });
  } catch (thrown) {
    const error =
      thrown instanceof HarnessError
        ? thrown
        : new HarnessError("NAS_INTERNAL", { what: messageOf(thrown), cause: thrown });
    await send({ type: "broken", error: error.toReport() });
  }
});
