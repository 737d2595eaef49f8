/** The entry `nas-harness/testing`: what a plugin's own tests need. */
import { madeUpRun, type TestBenchmark } from "./conformance/made-up-benchmark.ts";
import { madeUpTraining, type TestTraining } from "./conformance/made-up-training.ts";
import type { Algorithm } from "./plugins/algorithm.ts";
import type { RunOutcome } from "./runner/active-run.ts";
import { executeRun } from "./runner/run.ts";

/**
 * Runs an algorithm once on a made-up benchmark, behind the same guards as a real run, and returns its trace, its answers
 * and, if it broke its contract, the failure. Needs no table and no files.
 *
 *     const { trace, failure } = runAlgorithm(algorithm, { accuracy: (architecture) => architecture % 100 });
 */
export function runAlgorithm(algorithm: Algorithm, benchmark: TestBenchmark): RunOutcome {
  return executeRun(algorithm, madeUpRun(benchmark));
}

/**
 * Runs an algorithm that trains once on made-up images, 8x8 pixels in four classes, with the real supernet and behind the same
 * checks as a real run.
 *
 *     const { training, answers, failure } = await runTraining(algorithm, { options: { epochs: 2, channels: 8 } });
 */
export async function runTraining(algorithm: Algorithm, training: TestTraining): Promise<RunOutcome> {
  return (await madeUpTraining(algorithm, training)).outcome;
}

export { type CheckResult, conformanceChecks } from "./conformance/conformance.ts";
export { datasetChecks } from "./conformance/dataset-conformance.ts";
export type { TestBenchmark } from "./conformance/made-up-benchmark.ts";
export type { TestTraining } from "./conformance/made-up-training.ts";
export type { TraceEntry } from "./runner/evaluator.ts";
