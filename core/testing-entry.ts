/** The entry `nas-harness/testing`: what a plugin's own tests need. */
import type { Algorithm } from "./plugins/algorithm.ts";
import { HookTable } from "./plugins/hooks.ts";
import { deepFreeze } from "./plugins/options.ts";
import { hashOf } from "./random/seed.ts";
import type { RunOutcome } from "./runner/active-run.ts";
import { ACCURACY_UNITS, type EvaluationTable } from "./runner/evaluation-table.ts";
import { executeRun } from "./runner/run.ts";
import { ARCHITECTURE_COUNT } from "./space/operations.ts";

/** A made-up benchmark for {@link runAlgorithm}. */
export interface TestBenchmark {
  /** Validation accuracy in percent of an architecture after so many epochs. */
  readonly accuracy: (architecture: number, epochs: number) => number;
  /** Cost in simulated ms; 1000 an epoch unless given. */
  readonly costMs?: (architecture: number, epochs: number) => number;
  /** Epochs that a proposal may name; 12 unless given. */
  readonly fidelities?: readonly number[];
  /** The budget; 100 evaluations unless given. */
  readonly budget?: { readonly kind: "simulated-ms" | "evaluations" | "epochs"; readonly limit: number };
  /** The algorithm's options, complete. */
  readonly options?: Record<string, unknown>;
  /** Any text; equal texts give equal runs. */
  readonly seed?: string;
}

function madeUpTable(benchmark: TestBenchmark, fidelities: readonly number[]): EvaluationTable {
  const costMs = benchmark.costMs ?? ((_: number, epochs: number) => 1000 * epochs);
  const indices = Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) => architecture);
  return {
    firstSlot: Uint32Array.from({ length: ARCHITECTURE_COUNT + 1 }, (_, slot) => slot),
    trialSeed: new Int32Array(ARCHITECTURE_COUNT).fill(-1),
    accuracy: new Map(
      fidelities.map((epochs) => [
        epochs,
        Int32Array.from(indices, (architecture) =>
          Math.round(benchmark.accuracy(architecture, epochs) * ACCURACY_UNITS),
        ),
      ]),
    ),
    costMs: new Map(
      fidelities.map((epochs) => [
        epochs,
        Float64Array.from(indices, (architecture) => Math.round(costMs(architecture, epochs))),
      ]),
    ),
    meansFrom: "trials",
  };
}

/**
 * Runs an algorithm once on a made-up benchmark, behind the same guards as a real run, and returns its trace, its answers
 * and, if it broke its contract, the failure. Needs no table and no files.
 *
 *     const { trace, failure } = runAlgorithm(algorithm, { accuracy: (architecture) => architecture % 100 });
 */
export function runAlgorithm(algorithm: Algorithm, benchmark: TestBenchmark): RunOutcome {
  const fidelities = benchmark.fidelities ?? [12];
  const maxEpochs = Math.max(...fidelities);
  return executeRun(algorithm, {
    run: { protocol: "testing", search: "made-up", method: "method", runIndex: 0 },
    seed: hashOf(["nas-harness/testing", benchmark.seed ?? ""]),
    search: {
      id: "made-up",
      dataset: "made-up",
      recipe: "made-up",
      split: "valid",
      trials: "mean",
      fidelities: [...fidelities],
      cost: { validation: "recorded" },
      budget: { ...(benchmark.budget ?? { kind: "evaluations", limit: 100 }), crossing: "reject" },
      answerEpochs: maxEpochs,
      report: [],
    },
    table: madeUpTable(benchmark, fidelities),
    options: deepFreeze(structuredClone(benchmark.options ?? {})),
    hooks: new HookTable(),
  });
}

export type { RunOutcome } from "./runner/active-run.ts";
export type { TraceEntry } from "./runner/evaluator.ts";
