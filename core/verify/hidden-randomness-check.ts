import { needsTraining } from "../runner/plan.ts";
import { rerunFaults } from "./rerun-faults.ts";
import type { SubmittedMethod } from "./submitted-method.ts";

/** Runs of each search under each of two seeds of the language's runtime. */
const HIDDEN_RANDOMNESS_RUNS = 20;

/** Runs the method under two seeds of its language's runtime. */
export async function checkHiddenRandomness(method: SubmittedMethod): Promise<void> {
  const { runs } = method.read;
  await method.checks.make({
    name: "hidden-randomness",
    title: "runs do not depend on what the language's runtime draws",
    needs: ["reruns"],
    find: async () => {
      const { underTest } = method;
      if (needsTraining(underTest.plugin.manifest)) {
        if (method.options.everyRun === true) return { skipped: "of trainings only first epochs are made for this" };
        return { faults: [], remarks: ["the first epochs of all runs were made under another seed of the runtime"] };
      }
      const faults: string[] = [];
      for (const runtimeSeed of [1, 2]) {
        const again = await method.repeat(`runtime-seed-${runtimeSeed}`, {
          runs: Math.min(HIDDEN_RANDOMNESS_RUNS, method.benchmark.protocol.runs),
          method: { ...underTest, guest: underTest.guest && { ...underTest.guest, runtimeSeed } },
        });
        faults.push(...rerunFaults(runs, again, true).map((fault) => `runtime seed ${runtimeSeed}: ${fault}`));
      }
      return { faults };
    },
  });
}
