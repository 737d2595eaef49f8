import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { after, signalAt } from "../helpers/signalled-process.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const table = inject("generatedTable");
const RUNS = "150";
const methods = ["rea", "bohb"];
const whole = sharedTemporaryFolder();
const wordsFor = (output: string) => [
  "run",
  ...methods,
  "--runs",
  RUNS,
  "--protocol",
  "nas-bench-201",
  "--table",
  table,
  "--output",
  output,
];
const recordsOf = (output: string, method: string) => path.join(output, "nas-bench-201", method, "records.jsonl");

beforeAll(async () => {
  const { exitCode, stderr } = await runCommandLine([...wordsFor(whole), "--jobs", "2"]);
  expect(exitCode, stderr).toBe(0);
});

describe("a run that is killed at random moments", () => {
  test("and resumed each time ends with the same bytes", async () => {
    const output = temporaryFolder();
    const random = new Random("6e61732d6861726e657373000000000");
    for (let kill = 0; kill < 4; kill++)
      await signalAt([...wordsFor(output), "--resume"], "SIGKILL", after(300 + random.integer(1400)));
    const { exitCode, stderr } = await runCommandLine([...wordsFor(output), "--resume"]);
    expect(exitCode, stderr).toBe(0);
    for (const method of methods)
      expect(readFileSync(recordsOf(output, method))).toEqual(readFileSync(recordsOf(whole, method)));
  });
});

describe("a run that is interrupted by Ctrl-C", () => {
  test("exits 130, says how to go on, and resumes to the same bytes", async () => {
    const output = temporaryFolder();
    const words = [...wordsFor(output), "--jobs", "1", "--resume"];
    const partial = path.join(path.dirname(recordsOf(output, "rea")), "records.partial.jsonl");
    const interrupted = await signalAt(words, "SIGINT", () => existsSync(partial) && statSync(partial).size > 0);
    expect(interrupted.exitCode).toBe(130);
    expect(interrupted.stderr).toMatch(/interrupted: \d+ of 300 runs are kept in .*; go on with --resume/);
    expect(existsSync(path.join(output, "nas-bench-201/rea/.lock"))).toBe(false);
    const { exitCode } = await runCommandLine(words);
    expect(exitCode).toBe(0);
    for (const method of methods)
      expect(readFileSync(recordsOf(output, method))).toEqual(readFileSync(recordsOf(whole, method)));
  });
});

describe("shards run by the command line", () => {
  test("merge to the same bytes and the same summary", async () => {
    const shards = [temporaryFolder(), temporaryFolder()];
    for (const [at, shard] of shards.entries()) {
      const { exitCode } = await runCommandLine([...wordsFor(shard), "--shard", `${at + 1}/2`]);
      expect(exitCode).toBe(0);
      expect(existsSync(path.join(shard, "nas-bench-201/rea/revealed.jsonl"))).toBe(false);
    }
    const output = path.join(temporaryFolder(), "merged");
    const { exitCode, stderr } = await runCommandLine(["merge", ...shards, "--output", output, "--table", table]);
    expect(exitCode, stderr).toBe(0);
    for (const method of methods) {
      expect(readFileSync(recordsOf(output, method))).toEqual(readFileSync(recordsOf(whole, method)));
      const columns = (folder: string) =>
        JSON.parse(readFileSync(path.join(folder, "nas-bench-201", method, "summary.json"), "utf8")).rows[0].columns;
      expect(columns(output)).toEqual(columns(whole));
    }
  });
});
