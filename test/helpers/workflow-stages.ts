import { readdirSync } from "node:fs";
import { type JobResult, runJob } from "./workflow.ts";
import { commenting, verifying } from "./workflow-files.ts";
import type { Machine } from "./workflow-machine.ts";
import { BRANCH, git, heads, PULL_REQUEST, RUN_URL, seed } from "./workflow-repository.ts";

/** What the jobs get as a token. */
export const TOKEN = "made-up-token";

/** The stage without rights, for a commit as the pull request's head. */
export async function firstStage(runner: Machine, head: string): Promise<JobResult> {
  await git(seed, "push", "--quiet", "--force", "origin", `${head}:refs/pull/${PULL_REQUEST}/head`);
  const pullRequest = { number: PULL_REQUEST, base: { ref: "main" }, head: { sha: head }, title: "$(touch pwned)" };
  return runJob(runner, verifying, "verify", { run_attempt: "1", token: TOKEN, event: { pull_request: pullRequest } });
}

/** How the second stage begins. */
export interface SecondStage {
  readonly head?: string;
  readonly pulls?: unknown;
  readonly bytes?: number;
  readonly conclusion?: string;
}

/** The stage that may comment. */
export async function secondStage(runner: Machine, settings: SecondStage = {}): Promise<JobResult> {
  const { head = heads.good, bytes = 1000, conclusion = "failure" } = settings;
  await git(seed, "push", "--quiet", "--force", "origin", `${head}:refs/pull/${PULL_REQUEST}/head`);
  const {
    pulls = [
      { number: 3, head: { sha: "0".repeat(40) } },
      { number: PULL_REQUEST, head: { sha: head } },
    ],
  } = settings;
  const found = readdirSync(runner.artefacts).map((name) => ({ name, size_in_bytes: bytes }));
  runner.answer(pulls, found);
  const run = {
    ...{ id: 98, run_attempt: 1, event: "pull_request", conclusion, html_url: RUN_URL },
    ...{ head_sha: head, head_branch: BRANCH, head_repository: { owner: { login: "stranger" } } },
  };
  return runJob(runner, commenting, "comment", {
    token: TOKEN,
    event: { repository: { default_branch: "main" }, workflow_run: run },
  });
}
