import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const table = inject("generatedTable");
const plan = ["run", "rs", "--runs", "2", "--jobs", "1", "--protocol", "nas-bench-201", "--table", table, "--output"];

/** What the command says to do next after a write that failed. */
async function adviceOf(words: readonly string[]): Promise<string> {
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(4);
  expect(stderr).toContain("NAS_WRITE_FAILED: writing failed: ");
  return /^ {2}next: {4}(.+)$/m.exec(stderr)?.[1] ?? "";
}

async function succeed(words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(0);
}

describe("a run whose write failed", () => {
  test.each([
    // A folder stands where the file should be.
    ["while it ran", "measured.jsonl", [], "add --resume"],
    ["while it ran", "measured.jsonl", ["--resume"], "the same command goes on"],
    ["while it ran", "measured.jsonl", ["--overwrite"], "--resume instead of --overwrite"],
    ["when it revealed", "revealed.jsonl", [], "add --resume"],
    ["when it summarised", "summary.json", [], "add --resume"],
  ])("%s (%s, %j) says how to keep what was finished, and that works", async (_, name, mode, advice) => {
    const output = temporaryFolder();
    const inTheWay = path.join(output, "nas-bench-201/rs", name);
    mkdirSync(inTheWay, { recursive: true });
    expect(await adviceOf([...plan, output, ...mode])).toContain(advice);
    rmdirSync(inTheWay);
    await succeed([...plan, output, "--resume"]);
  });
});

test("a merge whose write failed says how to merge again", async () => {
  const shard = temporaryFolder();
  await succeed([...plan, shard, "--shard", "1/1"]);
  const output = path.join(temporaryFolder(), "a-file");
  writeFileSync(output, "");
  expect(await adviceOf(["merge", shard, "--table", table, "--output", output])).toContain("then merge again");
});
