import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const verify = (cwd: string, ...words: string[]) =>
  runCommandLine(["verify", ...words, "--isolation", "process"], { cwd });

describe("verify", () => {
  test("reports every check of a folder that is no submission, and ends with the code for it", async () => {
    const cwd = temporaryFolder();
    const folder = "leaderboard/submissions/broken/1.0.0";
    mkdirSync(path.join(cwd, folder), { recursive: true });
    writeFileSync(path.join(cwd, folder, "submission.json"), "{}");
    const { exitCode, stdout, stderr } = await verify(cwd, folder, "--report", "report.json");
    expect(stderr).toContain("NAS_VERIFICATION_FAILED");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^failed {2}schema:/m);
    expect(stdout).toContain("NOT VERIFIED  broken 1.0.0");
    const [report] = JSON.parse(readFileSync(path.join(cwd, "report.json"), "utf8"));
    expect(report).toMatchObject({ name: "broken", version: "1.0.0", outcome: "failed", isolation: "process" });
    const comment = await runCommandLine(["comment", "report.json", "--submissions", "none"], { cwd });
    expect(comment.exitCode).toBe(0);
    expect(comment.stdout).toContain("## broken 1.0.0 does not pass verification");
  });

  test("says what to do where there is nothing to verify", async () => {
    const cwd = temporaryFolder();
    const nothing = await verify(cwd);
    expect(nothing.stderr).toContain("NAS_SUBMISSION");
    expect(nothing.stderr).toContain("nas-harness submit");
    expect(nothing.exitCode).toBe(2);
    const missing = await verify(cwd, "leaderboard/submissions/none/1.0.0");
    expect(missing.stderr).toContain("there is no such folder");
    expect(missing.exitCode).toBe(2);
  });
});
