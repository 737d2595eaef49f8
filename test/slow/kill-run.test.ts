import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { filesBelow } from "../helpers/folder-content.ts";

import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { listsChildren, signalAt } from "../helpers/signalled-process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const table = inject("generatedTable");
const KILLS = 10;
const protocol = ["--protocol", "nas-bench-201", "--table", table, "--jobs", "2"];
const remark = listsChildren ? "" : " (the processes that are left are counted on Linux only)";

test(`500 runs of bohb, killed ${KILLS} times at random moments, end with the same bytes${remark}`, async () => {
  const [whole, output] = [temporaryFolder(), temporaryFolder()];
  const words = ["run", "bohb", ...protocol, "--output"];
  const undisturbed = await runCommandLine([...words, whole]);
  expect(undisturbed.exitCode, undisturbed.stderr).toBe(0);
  const fileOf = (folder: string, name: string) => path.join(folder, "nas-bench-201/bohb", name);
  const partial = fileOf(output, "records.partial.jsonl");
  const size = () => (existsSync(partial) ? statSync(partial).size : 0);
  const wholeLines = () => (existsSync(partial) ? readFileSync(partial, "utf8").split("\n").slice(0, -1) : []);

  const random = new Random("6b696c6c2d3920617420616e79206d6f");
  // So many bytes more than before, so that every kill meets a run that is writing, and what is left is enough for all.
  const share = Math.floor(statSync(fileOf(whole, "records.jsonl")).size / (KILLS + 2));
  let kept: string[] = [];
  let workers = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const from = size();
    const grown = random.integer(share);
    const moment = () => existsSync(partial) && size() - from >= grown;
    const result = await signalAt([...words, output, "--resume"], "SIGKILL", moment);
    expect(result.exitCode, result.stderr).toBeNull();
    expect(result.survivors).toEqual([]);
    workers += result.children;
    const now = wholeLines();
    expect(now.slice(0, kept.length)).toEqual(kept);
    kept = now;
  }
  expect(kept.length).toBeGreaterThan(50);
  if (listsChildren) expect(workers).toBeGreaterThan(KILLS);
  const resumed = await runCommandLine([...words, output, "--resume"]);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(filesBelow(output)).toEqual(filesBelow(whole));
  for (const name of ["records.jsonl", "revealed.jsonl"]) {
    expect(readFileSync(fileOf(output, name), "utf8") === readFileSync(fileOf(whole, name), "utf8"), name).toBe(true);
  }
});

describe.skipIf(!listsChildren)(`a method that never returns${remark}`, () => {
  test("does not outlive the command that was killed", async () => {
    const source = `import { defineAlgorithm } from "nas-harness";
      export default defineAlgorithm({ create: () => ({ tell() {}, ask() { console.error("spinning"); for (;;); } }) });`;
    const folder = writePlugin(path.join(temporaryFolder(), "spins"), algorithmManifest({ name: "spins" }), source);
    const words = ["run", folder, ...protocol, "--runs", "2", "--output", temporaryFolder()];
    const result = await signalAt(words, "SIGKILL", (stderr) => stderr.split("spinning").length > 2);
    expect(result).toMatchObject({ exitCode: null, children: 2, survivors: [] });
  });
});
