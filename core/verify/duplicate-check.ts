import path from "node:path";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { needsTraining } from "../runner/plan.ts";
import { type FoundSubmission, findSubmissions, isAlgorithmSubmission } from "../submissions/submission-file.ts";
import { readSubmittedRuns } from "../submissions/submitted-run.ts";
import { type OtherSubmission, replayFaults } from "./replayed-runs.ts";
import type { SubmittedMethod } from "./submitted-method.ts";

/** The submissions of other methods under the same protocol and table. @throws as `readSubmittedRuns` does */
export function comparableSubmissions(
  submission: AlgorithmSubmission,
  folder: string,
  others: readonly FoundSubmission<AlgorithmSubmission>[],
): OtherSubmission[] {
  return others
    .filter(
      (other) =>
        path.resolve(other.folder) !== path.resolve(folder) &&
        other.submission.method.id !== submission.method.id &&
        other.submission.protocol.sha256 === submission.protocol.sha256 &&
        other.submission.table.searchContentHash === submission.table.searchContentHash,
    )
    .map((other) => ({ ...other, runs: readSubmittedRuns(other.folder) }));
}

/** A plugin's files that may change what it does: not the manifest, whose name is what a copy changes, and no documents. */
function codeOf({ plugin }: AlgorithmSubmission): string {
  const code = plugin.files.filter(({ path: place }) => place !== "plugin.json" && !/\.(md|txt)$/.test(place));
  return canonicalJson(code.map(({ sha256 }) => sha256).sort());
}

/** Faults that show without running anything: records of another submission, and another one's code under a new name. */
export function copyFaults(
  submission: AlgorithmSubmission,
  runs: readonly SubmittedRun[],
  others: readonly OtherSubmission[],
): string[] {
  const digests = new Set(runs.map(({ digest }) => digest));
  return others.flatMap((other) => {
    const name = `${other.submission.method.id} ${other.submission.method.version}`;
    const shared = other.runs.filter(({ digest }) => digests.has(digest)).length;
    const isCode = codeOf(other.submission) === codeOf(submission);
    const isSame = isCode && canonicalJson(other.submission.options) === canonicalJson(submission.options);
    return [
      ...(shared > 0 ? [`${shared} runs have the digests of runs of ${name}`] : []),
      ...(isSame ? [`its code and options are those of ${name}`] : []),
    ];
  });
}

/** Compares the method with the other submissions, by code, by records and by what it does. */
export async function checkDuplicates(method: SubmittedMethod): Promise<void> {
  const { submission, runs } = method.read;
  await method.checks.make({
    name: "duplicates",
    title: "the method is no other submission under a new name",
    needs: ["start"],
    find: async () => {
      const found = findSubmissions(method.options.root).filter(isAlgorithmSubmission);
      const others = comparableSubmissions(submission, method.options.folder, found);
      const faults = copyFaults(submission, runs, others);
      const remarks = [`compared with ${others.length} submissions under the same protocol`];
      if (needsTraining(method.underTest.plugin.manifest)) {
        return { faults, remarks: [...remarks, "by code, options and records: trainings are too long to be replayed"] };
      }
      // A method that asks and tells can't do what one that trains did.
      const replayed = others.filter((other) => other.runs.every(({ training }) => training === undefined));
      if (faults.length === 0 && replayed.length > 0) {
        faults.push(...(await replayFaults(method.laboratory, method.benchmark.protocol, method.underTest, replayed)));
      }
      return { faults, remarks };
    },
  });
}
