import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { hasBubblewrap, needsBubblewrap, runReadOnly } from "../helpers/bubblewrap.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { contentOf } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { expectWriteFailure } from "../helpers/write-failure.ts";
import { madeUpCsv, writeImport } from "../importers/made-up-csv.ts";

const table = inject("generatedTable");
const shared = sharedTemporaryFolder();
const results = path.join(shared, "results");
const site = path.join(shared, "site");
const shards = [1, 2].map((index) => path.join(shared, `shard-${index}`));
const plan = ["run", "rs", "--runs", "4", "--protocol", "nas-bench-201", "--table", table, "--output"];

async function succeed(words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(0);
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("in a folder that is read-only"), () => {
  const imported = writeImport(shared, madeUpCsv());
  const importCsv = ["table", "import", "csv", imported.csv, "--mapping", imported.mapping, "--output"];

  beforeAll(async () => {
    await succeed([...plan, results]);
    for (const [at, shard] of shards.entries()) await succeed([...plan, shard, "--shard", `${at + 1}/2`]);
    await succeed(["leaderboard", "--results", results, "--table", table, "--output", site]);
    await succeed([...importCsv, imported.output]);
  });

  test.each([
    ["run, in a new folder", () => [...plan, path.join(shared, "new")]],
    ["run --resume", () => [...plan, results, "--resume"]],
    ["run --overwrite", () => [...plan, results, "--overwrite"]],
    ["merge, in a new folder", () => ["merge", ...shards, "--table", table, "--output", path.join(shared, "new")]],
    ["merge --overwrite", () => ["merge", ...shards, "--table", table, "--output", results, "--overwrite"]],
    ["leaderboard of other results", () => ["leaderboard", "--results", shared, "--table", table, "--output", site]],
    ["leaderboard, in a new folder", () => ["leaderboard", "--table", table, "--output", path.join(shared, "new")]],
    ["table import, in a new folder", () => [...importCsv, path.join(shared, "new", "made-up")]],
    ["table import --overwrite", () => [...importCsv, imported.output, "--overwrite"]],
  ])("%s says so and changes nothing", async (_, words) => {
    const before = contentOf(shared);
    expectWriteFailure(await runReadOnly(words()), shared, "the file system is read-only");
    expect(contentOf(shared)).toEqual(before);
  });

  test("a site of which nothing changed is not written", async () => {
    const before = contentOf(shared);
    const { exitCode, stderr } = await runReadOnly([
      "leaderboard",
      "--results",
      results,
      "--table",
      table,
      "--output",
      site,
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(contentOf(shared)).toEqual(before);
  });

  test("a table and results are read as anywhere else", async () => {
    const output = temporaryFolder();
    const run = await runReadOnly([...plan, output], [output]);
    expect(run.exitCode, run.stderr).toBe(0);
    const records = (folder: string) => readFileSync(path.join(folder, "nas-bench-201/rs/records.jsonl"), "utf8");
    expect(records(output)).toBe(records(results));

    const board = await runReadOnly(
      ["leaderboard", "--results", results, "--table", table, "--output", output],
      [output],
    );
    expect(board.exitCode, board.stderr).toBe(0);
    expect(readFileSync(path.join(output, "index.html"))).toEqual(readFileSync(path.join(site, "index.html")));

    const merged = path.join(output, "merged");
    const merge = await runReadOnly(["merge", ...shards, "--table", table, "--output", merged], [output]);
    expect(merge.exitCode, merge.stderr).toBe(0);
    expect(records(merged)).toBe(records(results));

    const check = await runReadOnly(["table", "check", table]);
    expect(check.exitCode, check.stderr).toBe(0);
  });
});
