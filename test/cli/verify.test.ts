import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readStatement } from "../../core/verify/statement.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { GitRepository } from "../helpers/git-repository.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleRun, exampleSubmission, exampleSummary } from "../verify/example-submission.ts";

/** Without a box: nothing of a submission is started in these tests. */
const OPEN = ["--isolation", "process"];

const verify = (cwd: string, ...words: string[]) => runCommandLine(["verify", ...words, ...OPEN], { cwd });

/** A folder with a made-up submission whose plugin is missing. */
function broken(): { cwd: string; place: string } {
  const [cwd, place] = [temporaryFolder(), "leaderboard/submissions/hill-climbing/1.0.0"];
  const folder = path.join(cwd, place);
  mkdirSync(path.join(folder, "plugin"), { recursive: true });
  writeFileSync(path.join(folder, "submission.json"), JSON.stringify(exampleSubmission()));
  writeFileSync(path.join(folder, "summary.json"), JSON.stringify(exampleSummary()));
  writeFileSync(path.join(folder, "runs.jsonl"), `${JSON.stringify(exampleRun())}\n`);
  return { cwd, place };
}

test("--help names what is looked for and where it is recorded", async () => {
  const { exitCode, stdout } = await runCommandLine(["verify", "--help"]);
  expect(exitCode).toBe(0);
  for (const part of ["<base>..<head>", "fresh seeds", "copies", "--record", "--report", "--isolation"]) {
    expect(stdout).toContain(part);
  }
});

describe("what can't be verified", () => {
  test.each<[string, readonly string[], number, string, RegExp]>([
    [
      "nothing",
      [],
      2,
      "NAS_SUBMISSION",
      /there is no submission to verify[\s\S]*leaderboard\/submissions[\s\S]*nas-harness submit/,
    ],
    ["a folder that is not there", ["./gone"], 2, "NAS_SUBMISSION", /there is no such folder[\s\S]*gone/],
    ["a folder that is none", ["."], 2, "NAS_SUBMISSION", /holds no submission\.json/],
    ["a range outside of a clone", ["main..HEAD"], 2, "NAS_USAGE", /not a git repository[\s\S]*git fetch/],
    ["a base that is no commit", [".", "--base", "gone"], 2, "NAS_USAGE", /git/],
    ["no number of jobs", [".", "--jobs", "0"], 2, "NAS_USAGE", /--jobs/],
  ])("%s", async (_, words, exit, code, shown) => {
    const { exitCode, stdout, stderr } = await verify(temporaryFolder(), ...words);
    expect([exitCode, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(code);
    expect(stderr).toMatch(shown);
  });

  test("commits that bring no submission, or only remove one", async () => {
    const cwd = temporaryFolder();
    const repository = new GitRepository(cwd);
    const file = "leaderboard/submissions/climber/1.0.0/submission.json";
    repository.commit({ "README.md": "" });
    repository.commit({ "README.md": "x" });
    const none = await verify(cwd, "HEAD~1..HEAD");
    expect([none.exitCode, none.stdout]).toEqual([2, ""]);
    expect(none.stderr).toMatch(/NAS_SUBMISSION: these commits touch no submission/);
    repository.commit({ [file]: "{}" });
    repository.commit({ [file]: null });
    const gone = await verify(cwd, "HEAD~1..HEAD");
    expect([gone.exitCode, gone.stdout]).toEqual([2, ""]);
    expect(gone.stderr).toMatch(/NAS_SUBMISSION: no file is left of the submission/);
  });
});

test("a broken submission: all checks are told, what is found is recorded, and --json is one document", async () => {
  const { cwd, place } = broken();
  const { exitCode, stdout, stderr } = await verify(cwd, place, "--json", "--record", "--report", "report.json");
  expect(exitCode).toBe(1);
  const [verification, ...others] = JSON.parse(stdout);
  expect(others).toEqual([]);
  expect(verification).toMatchObject({
    name: "hill-climbing",
    version: "1.0.0",
    isolation: "process",
    outcome: "failed",
  });
  const outcomes = verification.checks.map((one: { name: string; outcome: string }) => `${one.name} ${one.outcome}`);
  expect(outcomes.slice(0, 3)).toEqual(["outline passed", "schema failed", "hashes skipped"]);
  expect(stderr).toContain("without a box: it was asked for without one; such a verification is only for yourself");
  expect(stderr).toMatch(
    /NAS_VERIFICATION_FAILED: the submission was not verified\n.*- hill-climbing 1\.0\.0: schema\n/,
  );
  expect(JSON.parse(readFileSync(path.join(cwd, "report.json"), "utf8"))).toEqual([verification]);
  const statement = readStatement(path.join(cwd, "leaderboard/verifications/hill-climbing/1.0.0.json"));
  expect(statement.predicate).toMatchObject({ result: "FAILED", passedTests: ["outline"], failedTests: ["schema"] });
});

test("several are verified side by side, and what was found of each stands together", async () => {
  const { cwd, place } = broken();
  const names = ["hill-climbing", "hill-walking", "hill-rolling"];
  for (const name of names.slice(1))
    cpSync(path.join(cwd, place), path.join(cwd, place.replace(names[0] ?? "", name)), { recursive: true });
  const { exitCode, stdout, stderr } = await verify(cwd, "--jobs", "2");
  expect(exitCode).toBe(1);
  const blocks = stdout.split(/(?<=^NOT VERIFIED .*\n)/m);
  expect(blocks).toHaveLength(3);
  const folders = blocks.map((block) => block.split("\n")[0]);
  expect(folders.sort()).toEqual(names.map((name) => `leaderboard/submissions/${name}/1.0.0`).sort());
  for (const block of blocks) {
    expect(block.match(/^failed {2}schema: /gm)).toHaveLength(1);
    expect(block.match(/^passed {2}outline: /gm)).toHaveLength(1);
  }
  expect(stderr).toContain("3 of 3 submissions were not verified");
  const { stdout: json } = await verify(cwd, "--jobs", "3", "--json");
  expect(JSON.parse(json)).toHaveLength(3);
});

test("a link in place of a document is not followed", async () => {
  const { cwd, place } = broken();
  const file = path.join(cwd, place, "submission.json");
  // Read, it would never end.
  rmSync(file);
  symlinkSync("/dev/zero", file);
  const { exitCode, stdout } = await verify(cwd, place);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^failed {2}outline: .*\n {8}- submission\.json is a link, no file$/m);
  expect(stdout).toMatch(/^NOT VERIFIED {2}hill-climbing 1\.0\.0 in /m);
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
});

test("a range of commits is verified without what is checked out", async () => {
  const { cwd, place } = broken();
  const repository = new GitRepository(cwd);
  repository.git("commit", "--quiet", "--allow-empty", "--message", "Base");
  const head = repository.commit();
  repository.git("checkout", "--quiet", "HEAD~1");
  expect(existsSync(path.join(cwd, place, "submission.json"))).toBe(false);
  const { exitCode, stdout } = await verify(cwd, `HEAD..${head}`, "--json");
  expect(exitCode).toBe(1);
  const [verification] = JSON.parse(stdout);
  expect(verification).toMatchObject({ name: "hill-climbing", base: repository.git("rev-parse", "HEAD") });
  expect(verification.checks[0]).toMatchObject({ name: "touched-files", outcome: "passed" });
});
