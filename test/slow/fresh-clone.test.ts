import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../helpers/process.ts";
import { findProgram } from "../helpers/program.ts";
import { hasSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

const lacking = [
  ...(hasSharedData ? [] : ["../shared/data"]),
  ...(findProgram("git") === null ? ["git"] : []),
  ...(existsSync(path.join(REPOSITORY, ".git")) ? [] : ["a git repository to clone"]),
];
const remark = lacking.length === 0 ? "" : ` (needs ${lacking.join(", ")}, not found)`;

const RUNS = 500;
// What the start script runs.
const METHODS = ["rs", "rea", "reinforce", "bohb"];
const folder = sharedTemporaryFolder();
const clone = path.join(folder, "clone");

/** This process's PATH without the tools of this repository: a person who has just cloned it does not have them. */
function ownPath(): string {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.filter((name) => !name.includes("node_modules")).join(path.delimiter);
}

async function succeed(program: string, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(program, words, { cwd: clone, env: { PATH: ownPath() } });
  expect(exitCode, `${program} ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

const recordsOf = (method: string) =>
  readFileSync(path.join(clone, "results/nas-bench-201-mean", method, "records.jsonl"), "utf8");

describe.skipIf(lacking.length > 0)(`a fresh clone of what is committed, beside ../shared${remark}`, () => {
  beforeAll(async () => {
    symlinkSync(path.dirname(sharedData()), path.join(folder, "shared"));
    const cloned = await runProcess("git", ["clone", "--quiet", REPOSITORY, clone]);
    expect(cloned.exitCode, cloned.stderr).toBe(0);
    await succeed("npm", "ci");
  });

  test("npm start imports the table, runs the four methods and prints where the leaderboard is", async () => {
    const stdout = await succeed("npm", "start");
    const page = stdout.trimEnd().split("\n").at(-1) as string;
    expect(path.basename(page)).toBe("index.html");
    const html = readFileSync(path.resolve(clone, page), "utf8");
    expect(html).toMatch(/<\/html>\s*$/);
    for (const method of METHODS) expect(recordsOf(method).split("\n")).toHaveLength(RUNS + 1);
  });

  test("npm run parity finds every mean within its bounds", async () => {
    expect(await succeed("npm", "run", "parity")).toContain("24 of 24 differences are within their bounds");
  });

  test("npm start again changes no record", async () => {
    const before = METHODS.map(recordsOf);
    await succeed("npm", "start");
    expect(METHODS.map(recordsOf)).toEqual(before);
  });

  test("nothing of it is in the way of git", async () => {
    expect(await succeed("git", "status", "--porcelain")).toBe("");
  });
});
