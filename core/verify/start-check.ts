import path from "node:path";
import { resolveOptions } from "../plugins/options.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { privateCopy } from "../submissions/private-copy.ts";
import { pluginOf } from "./subject.ts";
import type { SubmittedMethod } from "./submitted-method.ts";

/** Checks that a private copy of the plugin can be made ready to run; it stays for the later checks. */
export async function checkStart(method: SubmittedMethod): Promise<void> {
  const { submission } = method.read;
  const { isolation: enclosure, memoryLimitMb, work, onOutput } = method.options;
  await method.checks.make({
    name: "start",
    title: "the plugin's packages can be installed from its lock file, and its options fit",
    needs: ["schema", "hashes", "benchmark"],
    find: async () => {
      const plugin = await privateCopy(pluginOf(method.options), path.join(work, "plugin"), {
        variant: submission.plugin.variant ?? null,
        ...(onOutput === undefined ? {} : { onOutput }),
      });
      const resolved = resolveOptions(plugin.manifest, method.benchmark.protocol, submission.options);
      if (canonicalJson(resolved) !== canonicalJson(submission.options)) {
        return { faults: ["the options that were submitted are not all that the plugin has"] };
      }
      method.underTest = { plugin, options: resolved, guest: { enclosure, memoryLimitMb } };
      return { faults: [] };
    },
  });
}
