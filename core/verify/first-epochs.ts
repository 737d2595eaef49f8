import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { trainerEnclosure } from "../isolation/guest-command.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { runKey } from "../records/record-file.ts";
import { trainedSearches } from "../records/training-session.ts";
import type { RunOutcome } from "../runner/active-run.ts";
import { planRuns } from "../runner/plan.ts";
import { executeTrainings } from "../runner/pool.ts";
import type { TrainerSetup } from "../runner/trainer-messages.ts";
import { shownTraining } from "../submissions/submitted-run.ts";
import { type Laboratory, type MethodUnderTest, sourcesFor } from "./repeated-runs.ts";

/** A run of a method that trains, made up to the end of its first epoch. */
export interface FirstEpoch {
  /** What the run left; its record would be another one, so there is none. */
  readonly outcome: RunOutcome;
  /** Epochs that the method trains in a whole run; null if it failed before it said so. */
  readonly epochs: number | null;
  /** Measured CPU seconds. */
  readonly cpuSeconds: number;
}

/** Name of these runs for progress. */
const NAME = "first-epochs";
/** What the runtime draws behind a method's back is another draw than in the submitted runs. */
const RUNTIME_SEED = 1;

/** What the processes are told. */
async function setupFor({ table }: Laboratory, protocol: Protocol, method: MethodUnderTest): Promise<TrainerSetup> {
  const { plugin, options, guest } = method;
  const { name, entry = "" } = plugin.manifest;
  const sources =
    guest === null ? ({ dataFolder: null, isolation: "none", memoryLimitMb: 0 } as const) : sourcesFor(guest);
  return {
    ...{ type: "setup", protocol: protocol.id, limitMs: protocol.trainingBudget, backend: "wasm" },
    ...{ isApart: guest !== null, hasTraps: guest?.hasTraps === true, mostEpochs: 1, stopsUnanswered: true },
    methods: [{ method: name, folder: plugin.folder, entry, options, key: hashOf(["nas-harness/first-epochs", name]) }],
    searches: await trainedSearches(protocol, table, sources),
  };
}

/**
 * Makes the first epoch of every run of a method that trains, in an order drawn from a text and under another seed of the
 * language's runtime. Nothing of it is stored.
 * @param count runs of each search
 * @returns by run key
 * @throws what `executeTrainings` and `trainedSearches` throw, and the signal's reason
 */
export async function makeFirstEpochs(
  laboratory: Laboratory,
  { protocol, method, count, shuffledBy }: MethodRuns,
): Promise<Map<string, FirstEpoch>> {
  const { signal, onProgress, jobs, runLimitSeconds } = laboratory;
  const { plugin, guest } = method;
  const plan = planRuns(protocol, [plugin.manifest.name], count);
  const epochs = new Map<string, number>();
  const made = new Map<string, FirstEpoch>();
  onProgress?.(NAME, 0, plan.length);
  await executeTrainings(
    new Random(hashOf(["nas-harness/order", shuffledBy])).shuffle(plan),
    await setupFor(laboratory, protocol, method),
    {
      ...{ jobs, runLimitSeconds },
      ...(signal === undefined ? {} : { signal }),
      onEpoch: ({ run, progress }) => epochs.set(runKey(run), progress.epochs),
      onFinished: ({ run, outcome, cpuSeconds }) => {
        made.set(runKey(run), { outcome, epochs: epochs.get(runKey(run)) ?? null, cpuSeconds });
        onProgress?.(NAME, made.size, plan.length);
      },
    },
    guest === null
      ? undefined
      : {
          enclosure: trainerEnclosure(plugin, { ...guest, runtimeSeed: RUNTIME_SEED }),
          memoryLimitMb: guest.memoryLimitMb,
        },
  );
  signal?.throwIfAborted();
  return made;
}

/** The runs of a method under test. */
export interface MethodRuns {
  readonly protocol: Protocol;
  readonly method: MethodUnderTest;
  /** Runs of each search. */
  readonly count: number;
  /** Any text: what the order of the runs is drawn from. */
  readonly shuffledBy: string;
}

const shortened = (sha256: string | undefined) => sha256?.slice(0, 12) ?? "nothing";

/** What of a submitted run's first epoch is not what came out; its number of epochs apart. */
function epochFaults(shown: NonNullable<SubmittedRun["training"]>, { outcome, epochs }: FirstEpoch): string[] {
  if (outcome.training === undefined) return ["it left no training"];
  const made = shownTraining(outcome.training);
  const faults: string[] = [];
  if (shown.firstEpoch === undefined) faults.push("no hashes of its first epoch are shown");
  else {
    for (const [name, words] of [
      ["weightsSha256", "the weights"],
      ["parametersSha256", "the architecture parameters"],
    ] as const) {
      const [own, found] = [shown.firstEpoch[name], made.firstEpoch?.[name]];
      if (own !== found) {
        faults.push(
          `after its first epoch ${words} have the hash ${shortened(found)}, submitted was ${shortened(own)}`,
        );
      }
    }
  }
  const [own, found] = [shown.epochs[0], made.epochs[0]];
  if (canonicalJson(own ?? null) !== canonicalJson(found ?? null)) {
    const words = "architecture and simulated ms after its first epoch are";
    faults.push(`${words} ${canonicalJson(found ?? null)}, submitted were ${canonicalJson(own ?? null)}`);
  }
  if (epochs !== null && shown.epochs.length !== epochs) {
    faults.push(`${shown.epochs.length} epochs were submitted, the method trains ${epochs}`);
  }
  return faults;
}

/** Faults of a submitted run that finished against its first epoch made again. */
export function firstEpochFaults(run: SubmittedRun, made: FirstEpoch | undefined): string[] {
  const name = `run ${runKey(run)}`;
  const { training } = run;
  if (training === undefined) return [`${name}: no training is shown`];
  if (made === undefined) return [`${name}: its first epoch did not come out`];
  const { failure } = made.outcome;
  if (failure !== null) return [`${name}: it failed in its first epoch: ${failure.code}: ${failure.what}`];
  return epochFaults(training, made).map((fault) => `${name}: ${fault}`);
}
