import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { currentEnvironment } from "../../core/records/session-inputs.ts";
import { makeStatement, statementFile, writeStatement } from "../../core/verify/statement.ts";
import { submissionSha256 } from "../../core/verify/subject.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import { copyHarness } from "./harness-copy.ts";
import { algorithmManifest, writePlugin } from "./plugin-folder.ts";
import { runProcess } from "./process.ts";
import { REPOSITORY } from "./shared-data.ts";
import { SHIPPED, writeShippedBenchmark } from "./shipped-benchmark.ts";
import { sharedTemporaryFolder } from "./temporary-folder.ts";

/** Holds everything below. */
export const folder = sharedTemporaryFolder();
/** The forge's repository. */
export const origin = path.join(folder, "origin.git");
/** A clone from which tests push. */
export const seed = path.join(folder, "seed");
/** The submitted method. */
export const METHOD = "made-up";
/** Its submission's folder. */
export const SUBMISSION = `leaderboard/submissions/${METHOD}/1.0.0`;
/** Address of the forge. */
export const SERVER = "https://forge.example";
/** The run of continuous integration that tests take part in. */
export const RUN_URL = `${SERVER}/owner/project/actions/runs/99`;
/** Number of the pull request that brings the submission. */
export const PULL_REQUEST = 7;
/** A branch's name is its owner's choice. */
export const BRANCH = 'x";touch pwned;"$(touch pwned)';
/** Commits of {@link makeRepository}: a good submission, and one that touches other files too. */
export const heads = { good: "", outside: "" };

/** Runs a program that must end well; gives what it printed. */
export async function succeed(program: string, words: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(program, words, { cwd });
  expect(exitCode, `${program} ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout.trim();
}

/** Runs git. */
export const git = (cwd: string, ...words: readonly string[]) =>
  succeed("git", ["-c", "user.name=A. Tester", "-c", "user.email=tester@forge.example", ...words], cwd);

async function commit(message: string): Promise<string> {
  await git(seed, "add", "-A");
  await git(seed, "commit", "--quiet", "-m", message);
  return git(seed, "rev-parse", "HEAD");
}

/** A statement of continuous integration about the benchmark's dataset, so that nobody trains its made-up table again. */
function stateDataset(submissions: string): void {
  const [version = ""] = readdirSync(path.join(submissions, SHIPPED));
  const sha256 = submissionSha256(path.join(submissions, SHIPPED, version));
  const verification: Verification = {
    ...{ format: 1, kind: "dataset", name: SHIPPED, version, sha256, isolation: "box", outcome: "passed", checks: [] },
    protocol: { id: SHIPPED, version: "0.1.0", sha256 },
    table: { id: SHIPPED, version: "0.1.0", searchContentHash: sha256 },
    ...{ base: "0".repeat(40), summary: null, fresh: null, environment: currentEnvironment() },
  };
  const file = statementFile(path.join(seed, "leaderboard/verifications"), SHIPPED, version);
  writeStatement(file, makeStatement(verification, RUN_URL));
}

/** Makes the forge's repository with a benchmark, a submission, and commits of both. */
export async function makeRepository(): Promise<void> {
  mkdirSync(seed);
  copyHarness(seed);
  for (const name of ["submissions", "verifications"]) {
    rmSync(path.join(seed, "leaderboard", name), { recursive: true, force: true });
  }
  cpSync(path.join(REPOSITORY, ".github"), path.join(seed, ".github"), { recursive: true });
  writeFileSync(path.join(seed, ".gitignore"), "node_modules\n");
  const submissions = path.join(seed, "leaderboard/submissions");
  writeShippedBenchmark(submissions, path.join(folder, "work"), { runs: 10 });
  stateDataset(submissions);
  await git(folder, "init", "--quiet", "--bare", "-b", "main", origin);
  await git(seed, "init", "--quiet", "-b", "main");
  await git(seed, "remote", "add", "origin", origin);
  await commit("base");
  const plugin = writePlugin(path.join(folder, METHOD), algorithmManifest({ name: METHOD }));
  const words = ["submit", plugin, "--protocol", SHIPPED, "--results", path.join(folder, "results")];
  await git(seed, "push", "--quiet", "origin", "main");
  await succeed(process.execPath, ["core/cli/bin.js", ...words], seed);
  heads.good = await commit("a submission");
  // Besides the file outside, runs that are not those which were listed: most checks need that and are skipped.
  writeFileSync(path.join(seed, "core/evil.ts"), "export {};\n");
  writeFileSync(path.join(seed, SUBMISSION, "runs.jsonl"), "", { flag: "w" });
  heads.outside = await commit("a submission that touches the harness");
}
