import { HarnessError } from "../errors/harness-error.ts";
import type { RunName } from "../plugins/hooks.ts";

/** What an algorithm threw. */
export interface AlgorithmFault {
  /** What it was doing; elsewhere: in a callback of its own. */
  readonly step: "create" | "ask" | "tell" | "answer" | "trainEpoch" | "save" | "restore" | "elsewhere";
  readonly message: string;
  /** True if it tried to change what the harness gave it. */
  readonly isMutation: boolean;
  readonly cause?: unknown;
}

/** The error for what an algorithm threw in a run; the same whether it ran in this process or in one of its own. */
export function algorithmFault(run: RunName, fault: AlgorithmFault, evaluations: number): HarnessError {
  const { step, message, isMutation, cause } = fault;
  const next = `correct the plugin ${run.method}`;
  const where = `run ${run.runIndex}, after ${evaluations} evaluations`;
  if (step === "elsewhere") {
    const what = `${run.method} threw outside of ask and tell: ${message} (run ${run.runIndex})`;
    return new HarnessError("NAS_ALGORITHM_THREW", { what, next, cause });
  }
  if (isMutation) {
    return new HarnessError("NAS_ALGORITHM_MUTATED", {
      what: `${run.method} tried to change what the harness gave it: ${message}`,
      where,
      allowed: "reading; context, options and evaluations are frozen",
      next,
      cause,
    });
  }
  return new HarnessError("NAS_ALGORITHM_THREW", {
    what: `${run.method} threw in ${step}: ${message}`,
    where,
    next,
    cause,
  });
}
