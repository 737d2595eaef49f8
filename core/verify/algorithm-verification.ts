import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { ShippedBenchmark } from "../submissions/shipped-benchmarks.ts";
import type { CheckList } from "./check-list.ts";
import { checkConduct } from "./conduct-check.ts";
import { checkDuplicates } from "./duplicate-check.ts";
import { checkFreshSeeds } from "./fresh-seeds-check.ts";
import { checkHiddenRandomness } from "./hidden-randomness-check.ts";
import { checkPlan } from "./plan-check.ts";
import { checkRelabelling } from "./relabelling-check.ts";
import { checkReruns } from "./rerun-check.ts";
import { checkStart } from "./start-check.ts";
import { checkStatistics } from "./statistics-check.ts";
import type { ReadAlgorithmSubmission, VerifyOptions } from "./subject.ts";
import { SubmittedMethod } from "./submitted-method.ts";
import { checkTraces } from "./trace-check.ts";

/** Statistics that a verification of a method leaves. */
export interface AlgorithmFindings {
  readonly summary: RunSummary | null;
  readonly fresh: RunSummary | null;
}

/**
 * Makes the checks of a method's submission that need its benchmark, in this order.
 * @throws NAS_ISOLATION, NAS_INSTALL and other errors of the machine, which say nothing about the submission
 */
export async function verifyAlgorithm(
  checks: CheckList,
  options: VerifyOptions,
  read: ReadAlgorithmSubmission,
  benchmark: ShippedBenchmark,
): Promise<AlgorithmFindings> {
  const method = new SubmittedMethod(checks, options, read, benchmark);
  await checkPlan(method);
  await checkStart(method);
  await checkReruns(method);
  await checkTraces(method);
  const summary = await checkStatistics(method);
  const fresh = await checkFreshSeeds(method);
  await checkRelabelling(method);
  await checkHiddenRandomness(method);
  await checkConduct(method);
  await checkDuplicates(method);
  return { summary, fresh };
}
