import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeStatement, statementFile, writeStatement } from "../../core/verify/statement.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { findProgram } from "../helpers/program.ts";
import { type JobResult, runJob } from "../helpers/workflow.ts";
import { recording } from "../helpers/workflow-files.ts";
import { type Machine, machine, machineWith } from "../helpers/workflow-machine.ts";
import {
  BRANCH,
  folder,
  git,
  heads,
  METHOD,
  makeRepository,
  origin,
  PULL_REQUEST,
  RUN_URL,
  SERVER,
  SUBMISSION,
  seed,
  succeed,
} from "../helpers/workflow-repository.ts";
import { firstStage, secondStage, TOKEN } from "../helpers/workflow-stages.ts";

const lacking = ["git", "jq"].filter((name) => findProgram(name) === null);
const isAble = hasBubblewrap && lacking.length === 0;

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
      // The forge's repository is a folder here; a reader's clone knows it by its address.
      await git(clone, "remote", "set-url", "origin", `${SERVER}/owner/project.git`);
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
