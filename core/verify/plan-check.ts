import type { SubmittedMethod } from "./submitted-method.ts";
import { failureFaults, planFaults } from "./submitted-plan.ts";

/** Checks the runs against the protocol's plan, and that none failed. */
export async function checkPlan(method: SubmittedMethod): Promise<void> {
  const { submission, runs } = method.read;
  await method.checks.make({
    name: "seeds",
    title: "every run of the plan is there once, with the seed that the protocol's master seed gives it",
    needs: ["schema", "benchmark"],
    find: () => ({ faults: planFaults(submission, runs, method.benchmark.protocol) }),
  });
  await method.checks.make({
    name: "finished-runs",
    title: "no run failed",
    needs: ["schema"],
    find: () => ({ faults: failureFaults(submission, runs) }),
  });
}
