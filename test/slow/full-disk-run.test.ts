import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { parseRecord } from "../../core/records/record.ts";
import { hasBubblewrap, needsBubblewrap, runOnSmallDisk } from "../helpers/bubblewrap.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { filesBelow, occupiedBytes, PAGE_BYTES } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { expectWriteFailure } from "../helpers/write-failure.ts";

const table = inject("generatedTable");
const protocol = "nas-bench-201";
const RESULTS = [
  "measured.jsonl",
  "records.jsonl",
  "records.partial.jsonl",
  "revealed.jsonl",
  "run.json",
  "summary.json",
];

const wordsFor = (output: string, runs: number, methods: readonly string[]) =>
  ["run", ...methods, "--runs", `${runs}`, "--protocol", protocol, "--table", table].concat("--output", output);
const resultOf = (output: string, method: string, name: string) => path.join(output, protocol, method, name);
const bytesOf = (output: string, method: string) => readFileSync(resultOf(output, method, "records.jsonl"), "utf8");

/** The whole lines of a partial file; none if there is no such file. */
function wholeLines(output: string, method: string): string[] {
  const file = resultOf(output, method, "records.partial.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

async function runWhole(output: string, runs: number, methods: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommandLine(wordsFor(output, runs, methods));
  expect(exitCode, stderr).toBe(0);
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("run on a disk that gets full"), () => {
  const disk = path.join(sharedTemporaryFolder(), "disk");

  const methods = ["rs", "rea"];

  /** What every failure must leave behind: whole files only, no lock, and records that go on to the same bytes. */
  async function expectToGoOn(after: string, whole: string, runs: number): Promise<void> {
    for (const file of filesBelow(after)) expect(RESULTS, file).toContain(path.basename(file));
    for (const method of methods) {
      const expected = bytesOf(whole, method).split("\n");
      for (const [at, line] of wholeLines(after, method).entries()) {
        parseRecord(line, `${method}, line ${at + 1}`);
        expect(expected).toContain(line);
      }
    }
    const { exitCode, stderr } = await runCommandLine([...wordsFor(after, runs, methods), "--resume"]);
    expect(exitCode, stderr).toBe(0);
    for (const method of methods) expect(bytesOf(after, method)).toBe(bytesOf(whole, method));
  }

  test("names the file at every size, leaves nothing half-written and resumes to the same bytes", async () => {
    const whole = temporaryFolder();
    await runWhole(whole, 3, methods);
    const words = [...wordsFor(disk, 3, methods), "--jobs", "1"];
    const failed = new Set<string>();
    for (let bytes = PAGE_BYTES; ; bytes += PAGE_BYTES) {
      const result = await runOnSmallDisk(words, { folder: disk, bytes }, temporaryFolder());
      if (result.exitCode === 0) break;
      failed.add(path.basename(expectWriteFailure(result, disk, "the disk is full")));
      await expectToGoOn(result.after, whole, 3);
    }
    const stages = [".lock", "measured.jsonl", "records.jsonl", "records.partial.jsonl", "run.json"];
    expect([...failed].sort()).toEqual(stages);
  });

  test("when every run is done already loses none of them", async () => {
    const before = temporaryFolder();
    await runWhole(before, 1, methods);
    for (const method of methods) {
      for (const name of ["revealed.jsonl", "summary.json"]) rmSync(resultOf(before, method, name));
    }
    const words = [...wordsFor(disk, 1, methods), "--resume"];
    const failed = new Set<string>();
    for (let bytes = occupiedBytes(before); ; bytes += PAGE_BYTES) {
      const result = await runOnSmallDisk(words, { folder: disk, bytes, before }, temporaryFolder());
      if (result.exitCode === 0) break;
      failed.add(path.basename(expectWriteFailure(result, disk, "the disk is full")));
      for (const method of methods) expect(bytesOf(result.after, method)).toBe(bytesOf(before, method));
      await expectToGoOn(result.after, before, 1);
    }
    expect([...failed].sort()).toEqual([".lock", "records.jsonl", "summary.json"]);
  });

  test("twice keeps every record of both times", async () => {
    const whole = temporaryFolder();
    await runWhole(whole, 150, ["bohb"]);
    const size = occupiedBytes(whole);
    const words = [...wordsFor(disk, 150, ["bohb"]), "--jobs", "2", "--resume"];

    const first = await runOnSmallDisk(words, { folder: disk, bytes: size / 4 }, temporaryFolder());
    expectWriteFailure(first, disk, "the disk is full");
    const kept = wholeLines(first.after, "bohb");
    expect(kept.length).toBeGreaterThan(10);

    const larger = { folder: disk, bytes: size / 2, before: first.after };
    const second = await runOnSmallDisk(words, larger, temporaryFolder());
    expectWriteFailure(second, disk, "the disk is full");
    const keptNow = wholeLines(second.after, "bohb");
    expect(keptNow.length).toBeGreaterThan(kept.length + 10);
    expect(keptNow.slice(0, kept.length)).toEqual(kept);

    const { exitCode, stderr } = await runCommandLine([...wordsFor(second.after, 150, ["bohb"]), "--resume"]);
    expect(exitCode, stderr).toBe(0);
    expect(bytesOf(second.after, "bohb") === bytesOf(whole, "bohb"), "records.jsonl differs").toBe(true);
  });
});
