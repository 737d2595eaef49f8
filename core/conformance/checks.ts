import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { GuestSettings } from "../isolation/guest-command.ts";
import { resolveOptions } from "../plugins/options.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import type { RunInputs, RunOutcome } from "../runner/active-run.ts";
import type { Check, Finding } from "./finding.ts";
import { outcomesInGuest } from "./guest-outcomes.ts";
import { madeUpRun, type TestBenchmark } from "./made-up-benchmark.ts";

/** A method under check. */
export interface Subject {
  readonly plugin: LocatedPlugin<AlgorithmManifest>;
  readonly settings: GuestSettings;
}

/** Rugged, without meaning, and with a few ties: no method can profit from knowing the space. */
const rugged = (architecture: number, epochs: number) => ((architecture * 7919) % 9973) / 100 + (epochs % 7) / 100;

function runsOf({ plugin }: Subject, benchmark: TestBenchmark, seeds: readonly string[]): RunInputs[] {
  const options = resolveOptions(plugin.manifest, { id: "testing" });
  return seeds.map((seed, at) => madeUpRun({ ...benchmark, options, seed }, plugin.manifest.name, at));
}

async function outcomes(subject: Subject, benchmark: TestBenchmark, seeds: readonly string[], settings = {}) {
  return outcomesInGuest(subject.plugin, { ...subject.settings, ...settings }, runsOf(subject, benchmark, seeds));
}

function failuresOf(found: readonly RunOutcome[]): string[] {
  const first = new Map<string, string>();
  for (const { failure } of found) {
    if (failure !== null && !first.has(failure.code)) first.set(failure.code, `${failure.code}: ${failure.what}`);
  }
  return [...first.values()];
}

/** Where two outcomes of what should be the same run part, or null. */
function difference(a: RunOutcome, b: RunOutcome): string | null {
  const at = Array.from(a.trace, (_, step) => step).find(
    (step) => JSON.stringify(a.trace[step]) !== JSON.stringify(b.trace[step]),
  );
  if (at !== undefined) return `evaluation ${at + 1} differs`;
  if (a.trace.length !== b.trace.length) return `${a.trace.length} evaluations and ${b.trace.length}`;
  if (JSON.stringify(a.answers) !== JSON.stringify(b.answers)) return "the answers differ";
  return JSON.stringify(a.failure) === JSON.stringify(b.failure) ? null : "one of them failed";
}

/** Demands pairwise equal outcomes. */
function compare(a: readonly RunOutcome[], b: readonly RunOutcome[], between: string): string[] {
  return a.flatMap((outcome, run) => {
    const found = difference(outcome, b[run] as RunOutcome);
    return found === null ? [] : [`run ${run} ${between}: ${found}`];
  });
}

const SEEDS = ["a", "b", "c", "d"];
const benchmark: TestBenchmark = { accuracy: rugged, budget: { kind: "evaluations", limit: 60 } };

async function survives(subject: Subject, benchmarks: readonly TestBenchmark[]): Promise<Finding> {
  const found: RunOutcome[] = [];
  for (const one of benchmarks) found.push(...(await outcomes(subject, one, SEEDS.slice(0, 2))));
  return { faults: failuresOf(found) };
}

/** The checks, in the order in which they are made. */
export const CHECKS: readonly Check<Subject>[] = [
  {
    name: "runs",
    title: "it runs to an answer on a made-up benchmark",
    find: (subject) => survives(subject, [benchmark]),
  },
  {
    name: "same-seed-same-trace",
    title: "equal seeds give equal runs, in another process and whatever its runtime draws behind its back",
    find: async (subject) => {
      const first = await outcomes(subject, benchmark, SEEDS, { runtimeSeed: 1 });
      const second = await outcomes(subject, benchmark, SEEDS, { runtimeSeed: 2 });
      return { faults: compare(first, second, "of two equal ones") };
    },
  },
  {
    name: "other-seed-other-trace",
    title: "other seeds give other runs",
    find: async (subject) => {
      const found = await outcomes(subject, benchmark, SEEDS);
      const traces = new Set(found.map(({ trace }) => JSON.stringify(trace)));
      const faults = traces.size > 1 ? [] : ["four runs with other seeds are all the same: context.random is not used"];
      return { faults };
    },
  },
  {
    name: "no-state-between-runs",
    title: "a run is the same alone, beside others and after others",
    find: async (subject) => {
      const together = await outcomes(subject, benchmark, SEEDS);
      const backwards = (await outcomes(subject, benchmark, [...SEEDS].reverse())).reverse();
      const alone: RunOutcome[] = [];
      for (const seed of SEEDS.slice(0, 2)) alone.push(...(await outcomes(subject, benchmark, [seed])));
      return {
        faults: [
          ...compare(alone, together, "alone and beside others"),
          ...compare(together, backwards, "in another order"),
        ],
      };
    },
  },
  {
    name: "odd-rewards",
    title: "rewards of 0, of 100 and full of ties are survived",
    find: (subject) =>
      survives(subject, [
        { ...benchmark, accuracy: () => 0 },
        { ...benchmark, accuracy: () => 100 },
        { ...benchmark, accuracy: (architecture) => (architecture % 2 === 0 ? 10 : 90) },
      ]),
  },
  {
    name: "budgets",
    title: "budgets of every kind are kept, also very small ones",
    find: (subject) =>
      survives(subject, [
        { accuracy: rugged, budget: { kind: "evaluations", limit: 1 } },
        { accuracy: rugged, budget: { kind: "epochs", limit: 30 } },
        { accuracy: rugged, budget: { kind: "simulated-ms", limit: 12_000 } },
        { accuracy: rugged, budget: { kind: "simulated-ms", limit: 500_500 } },
      ]),
  },
  {
    name: "fidelities",
    title: "other numbers of epochs and several of them are no problem",
    find: (subject) =>
      survives(subject, [
        { ...benchmark, fidelities: [1, 4, 12], budget: { kind: "epochs", limit: 300 } },
        { ...benchmark, fidelities: [9] },
      ]),
  },
  {
    name: "no-hidden-sources",
    title: "it uses no clock, no hidden randomness, no environment and no files while it searches",
    find: async (subject) => {
      if (subject.plugin.manifest.command !== undefined)
        return { skipped: "a program's inside can't be seen; same-seed-same-trace looks at what comes out" };
      return { faults: failuresOf(await outcomes(subject, benchmark, SEEDS, { hasTraps: true })) };
    },
  },
];
