import os from "node:os";
import { trainerEnclosure } from "../isolation/guest-command.ts";
import { resolveOptions } from "../plugins/options.ts";
import { hashOf } from "../random/seed.ts";
import type { RunOutcome } from "../runner/active-run.ts";
import type { PlannedRun } from "../runner/plan.ts";
import { executeTrainings } from "../runner/pool.ts";
import type { TrainerSetup } from "../runner/trainer-messages.ts";
import { DEFAULT_PASS_COST } from "../training/search/training-clock.ts";
import type { Subject } from "./checks.ts";
import type { Check } from "./finding.ts";
import { MADE_UP_RECIPE, madeUpImages } from "./made-up-training.ts";

/** Epochs of a run under check: the answer is asked for after them, whatever the method's own number is. */
const EPOCHS = 2;
/** Wall-clock limit of an epoch on a few hundred images, in seconds. */
const EPOCH_LIMIT_SECONDS = 300;
const SEARCH = "made-up";
/** Checks ask what a method does, not how well it searches: a larger supernet would only take longer. */
const LARGEST_SUPERNET = { channels: 8, cellsPerStage: 1 } as const;

interface Setting {
  readonly runtimeSeed?: number;
  readonly hasTraps?: boolean;
  /** Interrupts each run after so many epochs and lets it go on from its checkpoint in another process. */
  readonly interruptedAfter?: number;
}

function setupFor({ plugin }: Subject, { hasTraps = false }: Setting, mostEpochs: number): TrainerSetup {
  const { name, entry = "" } = plugin.manifest;
  return {
    type: "setup",
    protocol: "testing",
    limitMs: null,
    backend: "wasm",
    isApart: true,
    hasTraps,
    mostEpochs,
    largest: LARGEST_SUPERNET,
    methods: [
      {
        ...{ method: name, folder: plugin.folder, entry, key: hashOf(["nas-harness/testing", name]) },
        options: resolveOptions(plugin.manifest, { id: "testing" }),
      },
    ],
    searches: [
      {
        search: { id: SEARCH, dataset: SEARCH },
        images: { train: madeUpImages(512, "train"), valid: madeUpImages(512, "valid") },
        recipe: MADE_UP_RECIPE,
        cost: DEFAULT_PASS_COST,
      },
    ],
  };
}

/** Runs that several checks of a subject look at: made once. */
const MADE = new WeakMap<Subject, Map<string, Promise<RunOutcome[]>>>();

/** Outcomes of short runs in processes of the method's own, in the order of the seeds. */
function outcomes(subject: Subject, seeds: readonly string[], setting: Setting = {}): Promise<RunOutcome[]> {
  const made = MADE.get(subject) ?? new Map<string, Promise<RunOutcome[]>>();
  MADE.set(subject, made);
  const key = JSON.stringify([seeds, setting]);
  const found = made.get(key) ?? makeOutcomes(subject, seeds, setting);
  made.set(key, found);
  return found;
}

async function makeOutcomes(subject: Subject, seeds: readonly string[], setting: Setting): Promise<RunOutcome[]> {
  const { plugin, settings } = subject;
  const { runtimeSeed, interruptedAfter } = setting;
  const plan = seeds.map((seed, runIndex): PlannedRun => {
    const text = hashOf(["nas-harness/testing", seed]);
    return { method: plugin.manifest.name, search: SEARCH, runIndex, seed: text };
  });
  const guest = { ...settings, ...(runtimeSeed === undefined ? {} : { runtimeSeed }) };
  const apart = { enclosure: trainerEnclosure(plugin, guest), memoryLimitMb: settings.memoryLimitMb };
  const found = new Map<number, RunOutcome>();
  const checkpoints = new Map<number, Uint8Array>();
  const go = (mostEpochs: number) =>
    executeTrainings(
      plan,
      setupFor(subject, setting, mostEpochs),
      {
        jobs: Math.min(2, os.availableParallelism()),
        runLimitSeconds: EPOCH_LIMIT_SECONDS,
        onFinished: ({ run, outcome }) => found.set(run.runIndex, outcome),
        onEpoch: ({ run, checkpoint }) => checkpoints.set(run.runIndex, checkpoint),
        checkpointOf: ({ runIndex }) => checkpoints.get(runIndex) ?? null,
      },
      apart,
    );
  if (interruptedAfter !== undefined) await go(interruptedAfter);
  else checkpoints.clear();
  await go(EPOCHS);
  return plan.map(({ runIndex }) => found.get(runIndex) as RunOutcome);
}

function failuresOf(found: readonly RunOutcome[]): string[] {
  return found.flatMap(({ failure }) => (failure === null ? [] : [`${failure.code}: ${failure.what}`]));
}

/** Where two outcomes of what should be the same run part, or null. */
function difference(a: RunOutcome, b: RunOutcome): string | null {
  const [first, second] = [a.training?.epochs ?? [], b.training?.epochs ?? []];
  const at = first.findIndex((epoch, index) => JSON.stringify(epoch) !== JSON.stringify(second[index]));
  if (at >= 0 || first.length !== second.length) return `epoch ${at + 1} differs`;
  if (JSON.stringify(a.answers) !== JSON.stringify(b.answers)) return "the answers differ";
  return JSON.stringify(a.failure) === JSON.stringify(b.failure) ? null : "one of them failed";
}

function compare(a: readonly RunOutcome[], b: readonly RunOutcome[], between: string): string[] {
  return a.flatMap((outcome, run) => {
    const found = difference(outcome, b[run] as RunOutcome);
    return found === null ? [] : [`run ${run} ${between}: ${found}`];
  });
}

const SEEDS = ["a", "b"];

/** The checks of a method that trains, each on runs of two epochs on made-up images. */
export const TRAINING_CHECKS: readonly Check<Subject>[] = [
  {
    name: "runs",
    title: "it trains two epochs on made-up images and answers",
    find: async (subject) => ({ faults: failuresOf(await outcomes(subject, SEEDS.slice(0, 1))) }),
  },
  {
    name: "same-seed-same-trace",
    title: "equal seeds give equal runs, in another process and whatever its runtime draws behind its back",
    find: async (subject) => {
      const first = await outcomes(subject, SEEDS, { runtimeSeed: 1 });
      const second = await outcomes(subject, SEEDS, { runtimeSeed: 2 });
      return { faults: compare(first, second, "of two equal ones") };
    },
  },
  {
    name: "other-seed-other-trace",
    title: "other seeds give other runs",
    find: async (subject) => {
      const found = await outcomes(subject, SEEDS, { runtimeSeed: 1 });
      const traces = new Set(found.map(({ training }) => JSON.stringify(training?.epochs)));
      return { faults: traces.size > 1 ? [] : ["two runs with other seeds are the same"] };
    },
  },
  {
    name: "no-state-between-runs",
    title: "a run is the same alone and after others",
    find: async (subject) => {
      const [first, second] = SEEDS as [string, string];
      const together = await outcomes(subject, [second, first, second]);
      const alone = await outcomes(subject, [first]);
      return {
        faults: [
          ...compare(alone, together.slice(1, 2), "alone and after others"),
          ...compare(together.slice(0, 1), together.slice(2), "before and after others"),
        ],
      };
    },
  },
  {
    name: "goes-on",
    title: "a run that was interrupted after an epoch goes on in another process to the same end",
    find: async (subject) => {
      const whole = await outcomes(subject, SEEDS.slice(0, 1));
      const resumed = await outcomes(subject, SEEDS.slice(0, 1), { interruptedAfter: 1 });
      return { faults: compare(whole, resumed, "whole and interrupted") };
    },
  },
  {
    name: "no-hidden-sources",
    title: "it uses no clock, no hidden randomness, no environment and no files while it searches",
    find: async (subject) => ({ faults: failuresOf(await outcomes(subject, SEEDS.slice(0, 1), { hasTraps: true })) }),
  },
];
