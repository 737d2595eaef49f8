import { checkConformance } from "../conformance/conformance.ts";
import type { SubmittedMethod } from "./submitted-method.ts";

/** Makes the checks of `nas-harness check`. */
export async function checkConduct(method: SubmittedMethod): Promise<void> {
  await method.checks.make({
    name: "conduct",
    title: "the method passes the checks of nas-harness check",
    needs: ["start"],
    find: async () => {
      const { plugin, guest } = method.underTest;
      if (guest === null) throw new RangeError("a submitted method has a process of its own");
      const results = await checkConformance({ plugin, settings: guest });
      const failed = results.filter(({ outcome }) => outcome === "failed");
      return { faults: failed.map(({ name, reasons }) => `${name}: ${reasons.join("; ")}`) };
    },
  });
}
