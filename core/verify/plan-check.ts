import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { readManifest } from "../plugins/manifest.ts";
import { plannedRuns } from "../runner/plan.ts";
import { pluginOf } from "./subject.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { failureFaults, planFaults } from "./submitted-plan.ts";

/** Checks the runs against the protocol's plan, and that none failed. */
export async function checkPlan(method: SubmittedMethod): Promise<void> {
  const { submission, runs } = method.read;
  await method.checks.make({
    name: "seeds",
    title: "every run of the plan is there once, with the seed that the protocol's master seed gives it",
    needs: ["schema", "benchmark"],
    find: () => {
      const { protocol } = method.benchmark;
      const manifest = readManifest(pluginOf(method.options)) as AlgorithmManifest;
      return { faults: planFaults(submission, runs, protocol, plannedRuns(protocol, manifest)) };
    },
  });
  await method.checks.make({
    name: "finished-runs",
    title: "no run failed",
    needs: ["schema"],
    find: () => ({ faults: failureFaults(submission, runs) }),
  });
}
