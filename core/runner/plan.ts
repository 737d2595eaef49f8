import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { runSeed } from "../random/seed.ts";

/** One run of the plan. */
export interface PlannedRun {
  /** Method id. */
  readonly method: string;
  /** The protocol's search. */
  readonly search: string;
  /** From 0. */
  readonly runIndex: number;
  /** 64 hexadecimal digits. */
  readonly seed: string;
}

/** A part of a plan: shard `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `i/N`. @throws NAS_USAGE */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (match !== null && index >= 1 && count >= 1 && index <= count) return { index, count };
  throw new HarnessError("NAS_USAGE", {
    what: `"${text}" is no shard`,
    where: "--shard",
    allowed: "i/N with i from 1 to N, for example 2/8",
    next: "run every i from 1 to N, on any machines, then nas-harness merge",
  });
}

/** Runs of a method that trains, where the protocol does not say: the published rows are over three. */
const TRAINING_RUNS = 3;

/** Whether a method has the training capability. */
export function needsTraining(manifest: Pick<AlgorithmManifest, "needs">): boolean {
  return manifest.needs?.includes("training") === true;
}

/** Runs that a protocol plans of a method on each search. */
export function plannedRuns(
  protocol: Pick<Protocol, "runs" | "trainingRuns">,
  manifest: Pick<AlgorithmManifest, "needs">,
): number {
  if (!needsTraining(manifest)) return protocol.runs;
  return protocol.trainingRuns ?? Math.min(TRAINING_RUNS, protocol.runs);
}

/**
 * All runs of methods under a protocol, ordered by method as given, search, run index. A run's seed depends on nothing but
 * its own place, so any part of the plan can run anywhere in any order.
 * @param runs of each method on each search: a number for all, or by method
 */
export function planRuns(
  protocol: Protocol,
  methods: readonly string[],
  runs: number | ((method: string) => number) = protocol.runs,
): PlannedRun[] {
  const runsOf = typeof runs === "number" ? () => runs : runs;
  const { id, masterSeed } = protocol;
  return methods.flatMap((method) =>
    protocol.searches.flatMap((search) =>
      Array.from({ length: runsOf(method) }, (_, runIndex) => ({
        method,
        search: search.id,
        runIndex,
        seed: runSeed({ masterSeed, protocol: id, search: search.id, method, runIndex }),
      })),
    ),
  );
}

/** The runs of a shard: every `count`-th one, so that shards of a plan take about equally long. */
export function shardOf(plan: readonly PlannedRun[], shard: Shard | null): PlannedRun[] {
  return plan.filter((_, at) => shard === null || at % shard.count === shard.index - 1);
}
