import path from "node:path";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { runSummary } from "../../schemas/generated/validators.cjs";
import { readDocument } from "../files/json-file.ts";
import { readManifest } from "../plugins/manifest.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { variantOf } from "../plugins/variants.ts";
import { SUMMARY_NAME } from "../statistics/summary-file.ts";
import { readSubmission } from "../submissions/submission-file.ts";
import { readSubmittedRuns } from "../submissions/submitted-run.ts";
import type { CheckList } from "./check-list.ts";
import { pluginOf, type ReadAlgorithmSubmission, type VerifyOptions } from "./subject.ts";
import { agreementFaults } from "./submitted-files.ts";

/** Checks that need nothing but the files. Returns the submission if its documents can be read. */
export async function checkAlgorithmFiles(
  checks: CheckList,
  options: VerifyOptions,
): Promise<ReadAlgorithmSubmission | null> {
  let read: ReadAlgorithmSubmission | null = null;
  await checks.make({
    name: "schema",
    title: "the submission's documents are whole, and say of the plugin what its manifest says",
    needs: ["outline"],
    find: () => {
      const submission = readSubmission(options.folder);
      if (submission.kind !== "algorithm") return { faults: ["this is no method's submission"] };
      const runs = readSubmittedRuns(options.folder);
      const summary = readDocument<RunSummary>(path.join(options.folder, SUMMARY_NAME), runSummary);
      read = { submission, runs, summary };
      readManifest(pluginOf(options));
      const { variant } = submission.plugin;
      const plugin = locateAlgorithm(path.resolve(pluginOf(options)));
      const { manifest } = variant === undefined ? plugin : variantOf(plugin, variant);
      return { faults: agreementFaults(submission, manifest) };
    },
  });
  return read;
}
