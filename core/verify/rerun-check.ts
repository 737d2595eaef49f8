import { rerunFaults } from "./rerun-faults.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { findTrainings } from "./training-reruns.ts";

/** Makes every submitted run again, or of trainings what {@link findTrainings} does; the session stays for the later checks. */
export async function checkReruns(method: SubmittedMethod): Promise<void> {
  const { runs } = method.read;
  const isPartly = method.trains && method.options.everyRun !== true;
  await method.checks.make({
    name: "reruns",
    title: isPartly
      ? "the first epoch of every run, and one whole run if it is short enough, made again, are what was submitted"
      : "every run, made again in another order and other company, has the digest that was submitted",
    needs: ["start", "seeds", "finished-runs"],
    find: async () => {
      if (isPartly) return findTrainings(method);
      const again = await method.repeat("reruns");
      const faults = rerunFaults(runs, again);
      if (again.stopped === null) method.again = again;
      return { faults };
    },
  });
}
