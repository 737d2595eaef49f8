import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { openConstraints } from "../costs/constraints.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type GuestSettings, trainerEnclosure } from "../isolation/guest-command.ts";
import { HookTable } from "../plugins/hooks.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { applyExtensions } from "../plugins/plugin-module.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { buildEvaluationTable } from "../runner/evaluation-table.ts";
import { needsTraining, type PlannedRun, plannedRuns, planRuns, type Shard, shardOf } from "../runner/plan.ts";
import { executeRuns, executeTrainings, type PoolSettings } from "../runner/pool.ts";
import type { EpochMessage, TrainerSetup } from "../runner/trainer-messages.ts";
import type { SearchView } from "../tables/search-view.ts";
import { openTableFor } from "../tables/table-location.ts";
import type { BackendName } from "../training/backend.ts";
import { MethodStore } from "./method-store.ts";
import type { RecordHead } from "./record.ts";
import { methodFolder } from "./result-folder.ts";
import { type SessionMode, withSessionAdvice } from "./session-advice.ts";
import { costsOf, sessionInputs } from "./session-inputs.ts";
import { type TrainingSources, trainedSearches } from "./training-session.ts";

/** A method to run: its plugin and its resolved options. */
export interface MethodToRun {
  readonly plugin: LocatedPlugin<AlgorithmManifest>;
  readonly options: Record<string, unknown>;
  /** How it is kept in a process of its own; null: it runs inside the harness's workers. */
  readonly guest: GuestSettings | null;
}

/** Settings of a session. */
export interface SessionOptions {
  readonly protocol: Protocol;
  readonly methods: readonly MethodToRun[];
  /** Results go to `<output>/<protocol>/<method>/`. */
  readonly output: string;
  /** The table's search view. */
  readonly table: SearchView;
  /** Largest number of runs of each method and search, where fewer than the protocol plans are tried out. */
  readonly runs?: number;
  readonly jobs: number;
  readonly runLimitSeconds: number;
  readonly shard: Shard | null;
  readonly extensions: readonly string[];
  readonly mode: SessionMode;
  /** Any text: runs are executed in an order drawn from it, which no record depends on; the plan's order without it. */
  readonly shuffledBy?: string;
  /** True: every run has its edges and operations permuted at random. Its records are no results of the method. */
  readonly isRelabelled?: boolean;
  readonly signal?: AbortSignal;
  /** Called at the start and after each run. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with each record of this session as it is stored, in any order. What it throws ends the session. */
  readonly onRecord?: (record: RunRecord) => void;
  /** Called with what methods print. */
  readonly onOutput?: (text: string) => void;
  /** For methods that train; built-in datasets with their own files unless given. */
  readonly training?: TrainingSources & {
    /** The fused kernels' backend unless given. */
    readonly backend?: BackendName;
  };
  /** Called when a run that trains has ended an epoch. */
  readonly onEpoch?: (message: EpochMessage) => void;
}

/** What a session did. */
export interface SessionResult {
  /** Folder of each method, in the order given. */
  readonly folders: readonly string[];
  /** Runs of this session's part of the plan that are on disk. */
  readonly done: number;
  /** Runs of this session's part of the plan. */
  readonly total: number;
  /** True if it was interrupted. */
  readonly interrupted: boolean;
}

/**
 * Opens the first table that has everything the protocol names.
 * @param own folder of the table that the protocol's own plugin brings, which comes before those that are found
 * @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_REFUSED, NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function openTableForProtocol(
  protocol: Protocol,
  given: string | undefined,
  own: string | null = null,
): SearchView {
  const demand = (view: SearchView) => {
    for (const search of protocol.searches) buildEvaluationTable(view, search);
  };
  return openTableFor(protocol.table, given, demand, own);
}

/** The identity of a table as records carry it. */
export function recordTable(view: SearchView): RecordHead["table"] {
  const { id, version, searchContentHash } = view.card;
  return { id, version, searchContentHash };
}

/** Closes every store, whatever another one throws: each has records to make durable and a lock. @throws the first error */
function closeAll(stores: ReadonlyMap<string, MethodStore>, plan: readonly PlannedRun[]): void {
  const errors: unknown[] = [];
  for (const [method, store] of stores) {
    try {
      store.close(plan.filter((run) => run.method === method));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/**
 * Runs a plan, or a shard of it, and stores every record as it comes. Interrupted at any moment, nothing that was finished
 * is lost; run again with mode "resume" it goes on and ends with the same bytes.
 * @throws NAS_OUTPUT_LOCKED, NAS_OUTPUT_EXISTS, NAS_RESUME_MISMATCH, NAS_RECORD_CORRUPT, NAS_WRITE_FAILED and what workers throw
 */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  try {
    return await runPlan(options);
  } catch (error) {
    throw withSessionAdvice(error, options.mode);
  }
}

const DEFAULT_SOURCES = { dataFolder: null, isolation: "auto", memoryLimitMb: 1024 } as const;

const isTrained = ({ plugin }: MethodToRun) => needsTraining(plugin.manifest);

/** Runs of methods that train: those of the harness together, each other method with processes of its own. */
async function executeAllTrainings(
  runs: readonly PlannedRun[],
  session: {
    readonly options: SessionOptions;
    readonly stores: ReadonlyMap<string, MethodStore>;
    readonly settings: PoolSettings;
  },
): Promise<void> {
  const { options, stores, settings } = session;
  if (runs.length === 0 || options.signal?.aborted === true) return;
  const { protocol, training = DEFAULT_SOURCES as NonNullable<SessionOptions["training"]> } = options;
  const searches = await trainedSearches(protocol, options.table, training);
  const methods = options.methods.filter((method) => isTrained(method));
  const own = methods.filter(({ guest }) => guest === null);
  for (const group of [own, ...methods.filter(({ guest }) => guest !== null).map((method) => [method])]) {
    const names = new Set(group.map(({ plugin }) => plugin.manifest.name));
    const [first] = group;
    if (first === undefined) continue;
    const { guest } = first;
    const setup: TrainerSetup = {
      ...{ type: "setup", protocol: protocol.id, limitMs: protocol.trainingBudget },
      ...{ isApart: guest !== null, hasTraps: guest?.hasTraps === true, mostEpochs: null },
      backend: training.backend ?? "wasm",
      methods: group.map(({ plugin, options: methodOptions }) => {
        const { name, entry = "" } = plugin.manifest;
        const store = stores.get(name) as MethodStore;
        return {
          ...{ method: name, folder: plugin.folder, entry, options: methodOptions },
          key: store.key,
        };
      }),
      searches,
    };
    await executeTrainings(
      runs.filter(({ method }) => names.has(method)),
      setup,
      {
        ...settings,
        checkpointOf: (run) => stores.get(run.method)?.checkpoint(run) ?? null,
        onEpoch: (message) => {
          stores.get(message.run.method)?.keepCheckpoint(message.run, message.checkpoint);
          settings.onEpoch?.(message);
        },
      },
      guest === null
        ? undefined
        : { enclosure: trainerEnclosure(first.plugin, guest), memoryLimitMb: guest.memoryLimitMb },
    );
  }
}

/** Demands that no method trains under constraints: a supernet's answer comes of weights, and nothing keeps it to them. */
function refuseConstrainedTraining(methods: readonly MethodToRun[], protocol: Protocol): void {
  const training = methods.filter(isTrained).map(({ plugin }) => plugin.manifest.name);
  if (training.length === 0) return;
  throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
    what: `${training.join(", ")} can't run under protocol ${protocol.id}: it has constraints, which methods that train can't keep to`,
    allowed: "methods that propose architectures and keep to constraints, such as rs and rea",
    next: "leave out methods that train, or use a protocol without constraints",
  });
}

async function runPlan(options: SessionOptions): Promise<SessionResult> {
  const { protocol, methods, output, runs: mostRuns = Number.POSITIVE_INFINITY } = options;
  const constraints = openConstraints(protocol);
  if (constraints.bySearch.size > 0) refuseConstrainedTraining(methods, protocol);
  const recorded = new Map([...constraints.bySearch].map(([search, own]) => [search, own.recorded]));
  const hooks = new HookTable();
  await applyExtensions(options.extensions, hooks);
  const names = methods.map(({ plugin }) => plugin.manifest.name);
  const runsOf = (name: string) => {
    const own = methods.find(({ plugin }) => plugin.manifest.name === name) as MethodToRun;
    return Math.min(mostRuns, plannedRuns(protocol, own.plugin.manifest));
  };
  const plan = shardOf(planRuns(protocol, names, runsOf), options.shard);
  const stores = new Map<string, MethodStore>();
  try {
    for (const { plugin, options: methodOptions } of methods) {
      const { name } = plugin.manifest;
      const table = recordTable(options.table);
      const made = sessionInputs(protocol, table, plugin, methodOptions, runsOf(name), options.extensions);
      const inputs = constraints.tables.length === 0 ? made : { ...made, costs: costsOf(constraints) };
      stores.set(
        name,
        new MethodStore(methodFolder(output, protocol.id, name), inputs, { ...options, constraints: recorded }),
      );
    }
    if (hooks.isUsed("runPlanned")) hooks.call("runPlanned", { protocol: protocol.id, runs: plan.length });
    const missing = plan.filter((run) => !stores.get(run.method)?.holds(run));
    let done = plan.length - missing.length;
    options.onProgress?.(done, plan.length);
    const ordered =
      options.shuffledBy === undefined
        ? missing
        : new Random(hashOf(["nas-harness/order", options.shuffledBy])).shuffle(missing);
    const settings: PoolSettings = {
      jobs: options.jobs,
      runLimitSeconds: options.runLimitSeconds,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
      ...(options.onEpoch === undefined ? {} : { onEpoch: options.onEpoch }),
      onFinished: (finished) => {
        const record = stores.get(finished.run.method)?.add(finished);
        done++;
        options.onProgress?.(done, plan.length);
        if (record !== undefined) options.onRecord?.(record);
        if (record !== undefined && hooks.isUsed("recordWritten")) {
          const { method, search, runIndex } = finished.run;
          hooks.call("recordWritten", {
            run: { protocol: protocol.id, method, search, runIndex },
            digest: record.digest,
          });
        }
      },
    };
    const trains = new Set(methods.filter(isTrained).map(({ plugin }) => plugin.manifest.name));
    const [training, asking] = [true, false].map((wanted) =>
      ordered.filter((run) => trains.has(run.method) === wanted),
    );
    await executeRuns(asking as PlannedRun[], {
      ...settings,
      protocol,
      tableFolder: path.resolve(options.table.folder),
      costs: constraints.tables.map(({ folder, card: { id, contentHash } }) => ({
        ...{ id, folder: path.resolve(folder), contentHash },
      })),
      methods: methods
        .filter((method) => !isTrained(method))
        .map(({ plugin, options: methodOptions, guest }) => ({
          method: plugin.manifest.name,
          folder: plugin.folder,
          options: methodOptions,
          guest,
        })),
      extensions: options.extensions.map((file) => path.resolve(file)),
      isRelabelled: options.isRelabelled === true,
    });
    await executeAllTrainings(training as PlannedRun[], { options, stores, settings });
    return {
      folders: [...stores.values()].map((store) => store.folder),
      done,
      total: plan.length,
      interrupted: options.signal?.aborted === true && done < plan.length,
    };
  } finally {
    closeAll(stores, plan);
  }
}
