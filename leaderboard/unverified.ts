/**
 * `node leaderboard/unverified.ts`: the folders of submissions, one a line, of whose present files no statement of
 * continuous integration speaks. In a run of continuous integration only its own repository's statements count.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../core/errors/harness-error.ts";
import { submissionFolders } from "../core/submissions/submission-file.ts";
import { SUBMISSIONS_FOLDER, VERIFICATIONS_FOLDER } from "../core/submissions/submission-folder.ts";
import { integrationRun, readStatement, statementFile } from "../core/verify/statement.ts";
import { submissionSha256 } from "../core/verify/subject.ts";

/** What addresses of runs begin with: this repository's, or any. */
const RUNS = integrationRun()?.replace(/[^/]*$/, "") ?? "https://";

function hasStatement(folder: string, name: string, version: string): boolean {
  const file = statementFile(VERIFICATIONS_FOLDER, name, version);
  if (!existsSync(file)) return false;
  try {
    const { subject, predicate } = readStatement(file);
    return subject[0]?.digest?.sha256 === submissionSha256(folder) && predicate.url?.startsWith(RUNS) === true;
  } catch (error) {
    // A statement or a submission that can't be read: verification says what is wrong with it.
    if (error instanceof HarnessError) return false;
    throw error;
  }
}

for (const folder of submissionFolders(SUBMISSIONS_FOLDER)) {
  const [name = "", version = ""] = path.relative(SUBMISSIONS_FOLDER, folder).split(path.sep);
  // Other names are in nobody's submission, and these are safe in any shell.
  if (!/^[a-z0-9-]+$/.test(name) || !/^\d+\.\d+\.\d+$/.test(version)) continue;
  if (!hasStatement(folder, name, version)) process.stdout.write(`${[SUBMISSIONS_FOLDER, name, version].join("/")}\n`);
}
