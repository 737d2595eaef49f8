// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub and of the shell are looked for as they stand

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { currentEnvironment } from "../../core/records/session-inputs.ts";
import { makeStatement, statementFile, writeStatement } from "../../core/verify/statement.ts";
import { submissionSha256 } from "../../core/verify/subject.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { copyHarness } from "../helpers/harness-copy.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { runProcess } from "../helpers/process.ts";
import { findProgram } from "../helpers/program.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { SHIPPED, writeShippedBenchmark } from "../helpers/shipped-benchmark.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import {
  type Action,
  type JobResult,
  type Runner,
  readYaml,
  runJob,
  type Step,
  type Workflow,
} from "../helpers/workflow.ts";
import { expressionsIn } from "../helpers/workflow-expression.ts";

const workflowNamed = (name: string) => readYaml<Workflow>(path.join(REPOSITORY, `.github/workflows/${name}.yml`));
const verifying = workflowNamed("verify-submission");
const commenting = workflowNamed("comment-verification");
const recording = workflowNamed("record-verification");
const action = readYaml<Action>(path.join(REPOSITORY, ".github/actions/verify/action.yml"));
const WORKFLOWS = { verifying, commenting, recording };
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps);
const allSteps: Step[] = [...Object.values(WORKFLOWS).flatMap(stepsOf), ...action.runs.steps];

describe("the workflows' files", () => {
  test("give each job the least rights", () => {
    const rights = Object.values(WORKFLOWS).map(({ permissions, jobs }) => [
      permissions,
      ...Object.values(jobs).map((job) => job.permissions),
    ]);
    expect(rights).toEqual([
      [{ contents: "read" }, undefined],
      [{}, { actions: "read", contents: "read", "pull-requests": "write" }],
      [{}, { contents: "read" }, { contents: "write" }],
    ]);
  });

  test("put no expression into a script", () => {
    const scripts = allSteps.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.flatMap(expressionsIn)).toEqual([]);
  });

  test("name in expressions nothing that others word, except in variables", () => {
    const named = allSteps.flatMap((step) => expressionsIn(JSON.stringify({ ...step, env: undefined })));
    const allowed =
      /^(runner\.temp|github\.(run_attempt|token|event\.(pull_request\.base\.ref|repository\.default_branch|workflow_run\.(run_attempt|id)))|inputs\.\w+|steps\.(range|due)\.outputs\.\w+)$/;
    const conditions = allSteps.flatMap((step) => (step.if === undefined ? [] : expressionsIn(step.if)));
    expect(named.filter((one) => !allowed.test(one) && !conditions.includes(one))).toEqual([]);
    expect(conditions.filter((one) => one.includes("github."))).toEqual([]);
  });

  test("give tokens to steps that call GitHub only, and secrets to none", () => {
    expect(JSON.stringify(WORKFLOWS)).not.toContain("secrets");
    const withToken = allSteps.filter((step) => JSON.stringify(step).includes("github.token"));
    for (const { run, uses } of withToken) expect(run ?? uses).toMatch(/\bgh (api|pr|auth)|actions\/download-artifact/);
    expect(JSON.stringify([verifying, action])).not.toContain("github.token");
  });

  test("check out trusted branches only, and leave no token behind", () => {
    const checkouts = allSteps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts).toHaveLength(4);
    for (const step of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
    expect(checkouts.map((step) => step.with?.ref)).toEqual([
      expect.stringMatching(/^..\{ github\.event\.pull_request\.base\.ref \}\}$/),
      expect.stringMatching(/^..\{ github\.event\.repository\.default_branch \}\}$/),
      "main",
      "main",
    ]);
    const scripts = allSteps.map(({ run }) => run ?? "").join("\n");
    expect(scripts).not.toMatch(/git (checkout|switch|restore|worktree|merge|reset|read-tree)\b/);
  });

  test("use GitHub's own actions only, and start by the events that they must", () => {
    for (const { uses } of allSteps) {
      if (uses !== undefined)
        expect(uses).toMatch(/^(actions\/[a-z-]+@(v\d+|[0-9a-f]{40})|\.\/\.github\/actions\/verify)$/);
    }
    expect(Object.values(WORKFLOWS).map(({ on }) => Object.keys(on))).toEqual([
      ["pull_request"],
      ["workflow_run"],
      ["push", "workflow_dispatch"],
    ]);
    expect(commenting.on.workflow_run).toMatchObject({ workflows: [verifying.name] });
  });
});

const lacking = ["git", "jq"].filter((name) => findProgram(name) === null);
const isAble = hasBubblewrap && lacking.length === 0;
const folder = sharedTemporaryFolder();
const origin = path.join(folder, "origin.git");
const seed = path.join(folder, "seed");
const METHOD = "made-up";
const SUBMISSION = `leaderboard/submissions/${METHOD}/1.0.0`;
const SERVER = "https://forge.example";
const RUN_URL = `${SERVER}/owner/project/actions/runs/99`;
const PULL_REQUEST = 7;
/** A branch's name is its owner's choice. */
const BRANCH = 'x";touch pwned;"$(touch pwned)';
const heads = { good: "", outside: "" };

async function succeed(program: string, words: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(program, words, { cwd });
  expect(exitCode, `${program} ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout.trim();
}

const git = (cwd: string, ...words: readonly string[]) =>
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

async function makeRepository(): Promise<void> {
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

interface Machine extends Runner {
  readonly checkedOut: string[];
  readonly artefacts: string;
  /** What was called in place of privileged and costly commands, one line a call. */
  calls(): string[];
  /** The comment that was sent. */
  body(): string;
  answer(pulls: unknown, artifacts: unknown): void;
}

const GH = `log="$(dirname "$0")/../log"
while [ $# -gt 0 ]; do
  case "$1" in
    --jq) expression="$2"; shift ;;
    --body-file) cp "$2" "$log/body.md"; shift ;;
    repos/*/pulls) answer="$log/pulls.json" ;;
    repos/*/artifacts) answer="$log/artifacts.json" ;;
  esac
  shift
done
if [ -n "\${answer:-}" ]; then jq -r "$expression" "$answer"; fi`;

/** A machine whose privileged commands only note that they were called. */
function machine(programs: Readonly<Record<string, string>> = {}): Machine {
  const own = temporaryFolder();
  const [bin, log, artefacts] = ["bin", "log", "artefacts"].map((name) => path.join(own, name)) as [
    string,
    string,
    string,
  ];
  for (const name of [bin, log, artefacts]) mkdirSync(name);
  const standIns = {
    sudo: "",
    "apt-get": "exit 1",
    gh: GH,
    npm: `ln -s '${REPOSITORY}/node_modules' node_modules`,
    ...programs,
  };
  for (const [name, script] of Object.entries(standIns)) {
    const note = `printf '%s\\n' "${name} $*" >> '${log}/calls'`;
    writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${note}\n${script}\n`, { mode: 0o755 });
  }
  const checkedOut: string[] = [];
  const read = (name: string) => (existsSync(path.join(log, name)) ? readFileSync(path.join(log, name), "utf8") : "");
  return {
    folder: own,
    programs: [bin, path.dirname(process.execPath), "/usr/bin", "/bin"],
    env: { GITHUB_REPOSITORY: "owner/project", GITHUB_SERVER_URL: SERVER, GITHUB_RUN_ID: "99" },
    actions: {
      "actions/checkout": async ({ ref = "" }, workspace) => {
        checkedOut.push(ref);
        await git(folder, "clone", "--quiet", origin, workspace);
        await git(workspace, "checkout", "--quiet", ref);
      },
      "actions/setup-node": () => {},
      "actions/upload-artifact": ({ name = "", path: place = "", "if-no-files-found": missing }, workspace) => {
        const from = path.resolve(workspace, place);
        if (!existsSync(from)) {
          if (missing === "ignore") return;
          throw new Error("no files found");
        }
        const to = path.join(artefacts, name);
        cpSync(from, statSync(from).isDirectory() ? to : path.join(to, path.basename(from)), { recursive: true });
      },
      "actions/download-artifact": ({ name = "", path: to = "" }) => {
        cpSync(path.join(artefacts, name), to, { recursive: true, verbatimSymlinks: true });
      },
    },
    ...{ checkedOut, artefacts },
    calls: () => read("calls").split("\n").slice(0, -1),
    body: () => read("body.md"),
    answer(pulls, artifacts) {
      writeFileSync(path.join(log, "pulls.json"), JSON.stringify(pulls));
      writeFileSync(path.join(log, "artifacts.json"), JSON.stringify({ artifacts }));
    },
  };
}

const TOKEN = "made-up-token";

async function firstStage(runner: Machine, head: string): Promise<JobResult> {
  await git(seed, "push", "--quiet", "--force", "origin", `${head}:refs/pull/${PULL_REQUEST}/head`);
  const pullRequest = { number: PULL_REQUEST, base: { ref: "main" }, head: { sha: head }, title: "$(touch pwned)" };
  return runJob(runner, verifying, "verify", { run_attempt: "1", token: TOKEN, event: { pull_request: pullRequest } });
}

interface SecondStage {
  readonly head?: string;
  readonly pulls?: unknown;
  readonly bytes?: number;
  readonly conclusion?: string;
}

async function secondStage(runner: Machine, settings: SecondStage = {}): Promise<JobResult> {
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

const logOf = (job: JobResult) =>
  job.steps.map(({ name, outcome, log }) => `== ${name}: ${outcome}\n${log}`).join("\n");
const failedStep = (job: JobResult) => job.steps.find(({ outcome }) => outcome === "failure")?.name;

function expectNothingExecuted(runner: Machine, job: JobResult): void {
  const places = [job.workspace, job.temporary, runner.folder].flatMap((one) => readdirSync(one));
  expect(places.filter((name) => /pwned/.test(name))).toEqual([]);
}

/** A report as verify writes it, of which tests spoil copies. */
function reportIn(runner: Machine): Verification {
  const file = path.join(runner.artefacts, "verification-1/verification.json");
  return (JSON.parse(readFileSync(file, "utf8")) as Verification[])[0] as Verification;
}

let report: Verification;

/** A machine with an artefact of somebody's. */
function machineWith(files: Readonly<Record<string, string>>): Machine {
  const runner = machine();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(runner.artefacts, "verification-1", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return runner;
}

const lackText = lacking.length === 0 ? "" : ` (needs ${lacking.join(", ")}, not found)`;

describe.skipIf(!isAble)(needsBubblewrap(`the workflows' steps${lackText}`), () => {
  beforeAll(makeRepository);

  test("verify a submission and comment on its pull request", async () => {
    const runner = machine();
    const first = await firstStage(runner, heads.good);
    expect(first.result, logOf(first)).toBe("success");
    expect(runner.checkedOut).toEqual(["main"]);
    expect(existsSync(path.join(first.workspace, SUBMISSION))).toBe(false);
    const calls = runner.calls();
    const [userNamespaces, install] = [
      "sysctl .*apparmor_restrict_unprivileged_userns=0",
      "apt-get install .*bubblewrap",
    ];
    for (const pattern of [userNamespaces, install])
      expect(calls.join("\n")).toMatch(new RegExp(`^sudo ${pattern}`, "m"));
    report = reportIn(runner);
    expect(report).toMatchObject({ name: METHOD, outcome: "passed", isolation: "box" });
    const second = await secondStage(runner, { conclusion: "success" });
    expect(second.result, logOf(second)).toBe("success");
    expect(runner.checkedOut).toEqual(["main", "main"]);
    const comment = runner.calls().find((call) => call.startsWith("gh pr comment"));
    expect(comment).toContain(`gh pr comment ${PULL_REQUEST} --repo owner/project --body-file `);
    expect(runner.calls().find((call) => call.includes("/pulls "))).toContain(`head=stranger:${BRANCH}`);
    expect(runner.body()).toContain(`## ${METHOD} 1.0.0 passes verification`);
    expect(runner.body()).toContain("Rank ");
    expect(runner.body()).toContain(`Of commit ${heads.good} ([log](${RUN_URL}))`);
    expect(runner.body()).not.toContain("Not to be relied upon");
    expectNothingExecuted(runner, second);
  });

  test("run nothing where no box can be made, and say so", async () => {
    const runner = machine({ bwrap: "exit 1" });
    const first = await firstStage(runner, heads.good);
    expect(failedStep(first)).toBe("Allow boxes, and make one");
    expect(first.steps.find(({ name }) => name === "Verify")?.outcome).toBe("skipped");
    const second = await secondStage(runner);
    expect(second.result, logOf(second)).toBe("success");
    expect(runner.body()).toContain("## No report");
  });

  test("refuse what touches other files, and comment on it with a warning", async () => {
    const runner = machine();
    const first = await firstStage(runner, heads.outside);
    expect(failedStep(first), logOf(first)).toBe("Verify");
    expect(existsSync(path.join(first.workspace, "core/evil.ts"))).toBe(false);
    const second = await secondStage(runner, { head: heads.outside });
    expect(second.result, logOf(second)).toBe("success");
    expect(runner.body()).toMatch(/^> \*\*Not to be relied upon/);
    expect(runner.body()).toContain("does not pass verification");
    expect(runner.body()).toMatch(/✗ \*\*touched-files\*\*/);
    expect(runner.body()).toMatch(/evil/);
  });

  test("comment on no pull request that has moved on, and after no other end", async () => {
    const runner = machineWith({ "verification.json": JSON.stringify([report]) });
    const gone = await secondStage(runner, { pulls: [{ number: 7, head: { sha: "1".repeat(40) } }] });
    expect(gone.result, logOf(gone)).toBe("success");
    const two = await secondStage(runner, { pulls: [7, 8].map((number) => ({ number, head: { sha: heads.good } })) });
    expect(two.result, logOf(two)).toBe("success");
    expect((await secondStage(runner, { conclusion: "cancelled" })).result).toBe("skipped");
    expect(runner.calls().filter((call) => call.startsWith("gh pr"))).toEqual([]);
  });

  test.each([
    [
      "a second file",
      "Demand one plain file",
      () => ({ "verification.json": JSON.stringify([report]), "package.json": "{}" }),
    ],
    [
      "a file in a folder",
      "Demand one plain file",
      () => ({ "core/cli/bin.js": "throw 1", "verification.json": "[]" }),
    ],
    ["another name", "Demand one plain file", () => ({ "$(touch pwned).json": JSON.stringify([report]) })],
    ["no JSON", "Write the comment", () => ({ "verification.json": "::error::$(touch pwned)" })],
    [
      "another schema",
      "Write the comment",
      () => ({ "verification.json": JSON.stringify([{ ...report, pullRequest: 1 }]) }),
    ],
    [
      "a script for a name",
      "Write the comment",
      () => ({ "verification.json": JSON.stringify([{ ...report, name: "<script>$(touch pwned)</script>" }]) }),
    ],
  ] as const)("send no comment for an artefact with %s", async (_, step, files) => {
    const runner = machineWith(files());
    const second = await secondStage(runner);
    expect(failedStep(second), logOf(second)).toBe(step);
    expect(runner.calls().filter((call) => call.startsWith("gh pr"))).toEqual([]);
    expectNothingExecuted(runner, second);
  });

  test("send no comment for an artefact that is too large", async () => {
    const runner = machineWith({ "verification.json": JSON.stringify([report]) });
    const second = await secondStage(runner, { bytes: 1_048_577 });
    expect(failedStep(second)).toBe("Look how large the artefact is");
    expect(second.steps.find(({ name }) => name === "Fetch the artefact")?.outcome).toBe("skipped");
  });

  test("show a report's markup and commands as text", async () => {
    const evil = "<script>alert(1)</script> ![x](https://forge.example/x.png) @everybody `$(touch pwned)`";
    const checks = [
      { name: "evil", title: evil, outcome: "failed" as const, reasons: [evil, "\n::set-env name=X::1"] },
    ];
    const runner = machineWith({ "verification.json": JSON.stringify([{ ...report, checks }]) });
    const second = await secondStage(runner);
    expect(second.result, logOf(second)).toBe("success");
    expect(runner.body()).not.toMatch(/(?<!\\)<script|(?<!\\)!\[x\](?!\\)\(https:|@everybody|^::/m);
    expectNothingExecuted(runner, second);
  });

  describe("after a merge", () => {
    const place = `leaderboard/verifications/${METHOD}/1.0.0.json`;
    const github = { run_attempt: "1", token: TOKEN, event: {} };
    const tip = () => git(origin, "rev-parse", "main");

    beforeAll(() => git(seed, "push", "--quiet", "origin", `${heads.good}:main`));

    test("take over no statement of other files, of another repository's run, or of what is not due", async () => {
      const runner = machine();
      const forged = (name: string, sha256: string, url: string) => {
        const file = statementFile(path.join(runner.artefacts, "statements-1"), name, "1.0.0");
        writeStatement(file, makeStatement({ ...report, name, sha256 }, url));
      };
      const needs = { verify: { result: "failure", outputs: { folders: SUBMISSION } } } as const;
      const before = await tip();
      forged(METHOD, "0".repeat(64), RUN_URL);
      const other = await runJob(runner, recording, "record", github, needs);
      expect(failedStep(other), logOf(other)).toBe("Take over statements that are due");
      forged(METHOD, report.sha256, "https://other.example/owner/project/actions/runs/1");
      const foreign = await runJob(runner, recording, "record", github, needs);
      expect(failedStep(foreign), logOf(foreign)).toBe("Take over statements that are due");
      rmSync(path.join(runner.artefacts, "statements-1", METHOD), { recursive: true });
      forged("no-submission", report.sha256, RUN_URL);
      const none = await runJob(runner, recording, "record", github, needs);
      expect(none.result, logOf(none)).toBe("success");
      expect(await tip()).toBe(before);
    });

    test("verify what has no statement, and commit one that the leaderboard counts", async () => {
      const runner = machine();
      const verify = await runJob(runner, recording, "verify", github);
      expect(verify.result, logOf(verify)).toBe("success");
      expect(verify.outputs).toEqual({ folders: SUBMISSION });
      const record = await runJob(runner, recording, "record", github, { verify });
      expect(record.result, logOf(record)).toBe("success");
      expect(runner.calls()).toContain("gh auth setup-git");
      expect(await git(origin, "diff", "--name-only", heads.good, "main")).toBe(place);
      const statement = JSON.parse(await git(origin, "show", `main:${place}`));
      expect(statement.predicate).toMatchObject({ result: "PASSED", url: RUN_URL });

      const clone = path.join(runner.folder, "clone");
      await git(folder, "clone", "--quiet", origin, clone);
      await succeed(process.execPath, [path.join(record.workspace, "core/cli/bin.js"), "leaderboard"], clone);
      const board = readFileSync(path.join(clone, "site/leaderboard.json"), "utf8");
      expect(board).toContain('"verified"');
      expect(board).toContain(RUN_URL);
    });

    test("verify nothing again that has one", async () => {
      const runner = machine();
      const verify = await runJob(runner, recording, "verify", github);
      expect(verify.result, logOf(verify)).toBe("success");
      expect(verify.outputs).toEqual({ folders: "" });
      expect(runner.calls().filter((call) => call.startsWith("sudo"))).toEqual([]);
      expect((await runJob(runner, recording, "record", github, { verify })).result).toBe("skipped");
    });
  });
});
