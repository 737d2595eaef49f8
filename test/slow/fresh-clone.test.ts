import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../helpers/process.ts";
import { findProgram } from "../helpers/program.ts";
import { hasSharedData, needsSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

const lacking = [
  ...(findProgram("git") === null ? ["git"] : []),
  ...(existsSync(path.join(REPOSITORY, ".git")) ? [] : ["a git repository to clone"]),
];
const remark = lacking.length === 0 ? "" : ` (needs ${lacking.join(", ")}, not found)`;

const RUNS = 500;
/** What the two start scripts run, and under which protocol. */
const STARTS = {
  start: { protocol: "fashion-mnist-8x8", methods: ["rs", "rea", "reinforce", "bohb", "bohb-multi-fidelity"] },
  "start:nas-bench-201": { protocol: "nas-bench-201-mean", methods: ["rs", "rea", "reinforce", "bohb"] },
} as const;
type Script = keyof typeof STARTS;

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

function recordsOf(script: Script): string[] {
  const { protocol, methods } = STARTS[script];
  return methods.map((method) => readFileSync(path.join(clone, "results", protocol, method, "records.jsonl"), "utf8"));
}

/** Runs a start script and reads the page whose path is its last line. */
async function started(script: Script): Promise<string> {
  const stdout = await succeed("npm", "run", script);
  const page = stdout.trimEnd().split("\n").at(-1) as string;
  expect(path.basename(page)).toBe("index.html");
  for (const records of recordsOf(script)) expect(records.split("\n")).toHaveLength(RUNS + 1);
  return readFileSync(path.resolve(clone, page), "utf8");
}

describe.skipIf(lacking.length > 0)(`a fresh clone of what is committed${remark}`, () => {
  beforeAll(async () => {
    const cloned = await runProcess("git", ["clone", "--quiet", REPOSITORY, clone]);
    expect(cloned.exitCode, cloned.stderr).toBe(0);
    await succeed("npm", "ci");
  });

  test("npm start runs the five methods on the table that it brings, and prints where the leaderboard is", async () => {
    const html = await started("start");
    expect(html).toMatch(/<\/html>\s*$/);
    expect(html).toContain("Best Fashion-MNIST 8x8 test first.");
  });

  test("npm start again changes no record", async () => {
    const before = recordsOf("start");
    await started("start");
    expect(recordsOf("start")).toEqual(before);
  });

  describe.skipIf(!hasSharedData)(needsSharedData("beside ../shared"), () => {
    test("npm run start:nas-bench-201 imports the table and runs four methods on it", async () => {
      symlinkSync(path.dirname(sharedData()), path.join(folder, "shared"));
      expect(await started("start:nas-bench-201")).toContain("cifar10");
    });

    test("npm run parity finds every mean within its bounds", async () => {
      expect(await succeed("npm", "run", "parity")).toContain("24 of 24 differences are within their bounds");
    });
  });

  test("nothing of it is in the way of git", async () => {
    expect(await succeed("git", "status", "--porcelain")).toBe("");
  });
});
