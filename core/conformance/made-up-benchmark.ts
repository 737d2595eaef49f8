import { HookTable } from "../plugins/hooks.ts";
import { deepFreeze } from "../plugins/options.ts";
import { hashOf } from "../random/seed.ts";
import type { RunInputs } from "../runner/active-run.ts";
import { ACCURACY_UNITS, type EvaluationTable } from "../runner/evaluation-table.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";

/** A made-up benchmark, complete with a budget. */
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

/** One run of a method on a made-up benchmark, behind the same guards as a real one. Needs no table and no files. */
export function madeUpRun(benchmark: TestBenchmark, method = "method", runIndex = 0): RunInputs {
  const fidelities = benchmark.fidelities ?? [12];
  return {
    run: { protocol: "testing", search: "made-up", method, runIndex },
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
      answerEpochs: Math.max(...fidelities),
      report: [],
    },
    table: madeUpTable(benchmark, fidelities),
    options: deepFreeze(structuredClone(benchmark.options ?? {})),
    hooks: new HookTable(),
  };
}
