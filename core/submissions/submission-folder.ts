import path from "node:path";

/** Name of the file that says what was submitted. */
export const SUBMISSION_NAME = "submission.json";
/** Name of the file with one short line a run. */
export const RUNS_NAME = "runs.jsonl";
/** Name of the folder with the plugin's source. */
export const PLUGIN_FOLDER = "plugin";
/** Where submissions lie in a repository. */
export const SUBMISSIONS_FOLDER = "leaderboard/submissions";
/** Where what verification found lies in a repository. */
export const VERIFICATIONS_FOLDER = "leaderboard/verifications";

/** Where a submission is: `<root>/<name>/<version>`. */
export function submissionFolder(root: string, name: string, version: string): string {
  return path.join(root, name, version);
}
