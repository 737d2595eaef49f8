import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { hasBubblewrap, needsBubblewrap, runOnSmallDisk } from "../helpers/bubblewrap.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { contentOf, filesBelow, occupiedBytes, PAGE_BYTES } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { expectWriteFailure } from "../helpers/write-failure.ts";
import { MADE_UP_MAPPING, madeUpCsv, writeImport } from "../importers/made-up-csv.ts";

const FULL = "the disk is full";
const table = inject("generatedTable");
const shared = sharedTemporaryFolder();
const disk = path.join(shared, "disk");

async function succeed(words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(0);
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("table import on a disk that gets full"), () => {
  const files = { csv: path.join(shared, "values.csv"), mapping: path.join(shared, "mapping.json") };
  const output = path.join(disk, "tables", "made-up");
  const words = ["table", "import", "csv", files.csv, "--mapping", files.mapping, "--output", output];
  /** A folder as the disk should be after an import. */
  const whole = sharedTemporaryFolder();

  beforeAll(async () => {
    writeImport(shared, madeUpCsv());
    await succeed([...words.slice(0, -1), path.join(whole, "tables", "made-up")]);
  });

  test("leaves no table and nothing else behind", async () => {
    const size = occupiedBytes(whole);
    for (const bytes of [PAGE_BYTES, size / 4, size / 2, size - PAGE_BYTES]) {
      const result = await runOnSmallDisk(words, { folder: disk, bytes }, temporaryFolder());
      expectWriteFailure(result, disk, FULL);
      expect(filesBelow(result.after)).toEqual([]);
    }
    // One page more: the lock of the folder.
    const result = await runOnSmallDisk(words, { folder: disk, bytes: size + PAGE_BYTES }, temporaryFolder());
    expect(result.exitCode, result.stderr).toBe(0);
    expect(contentOf(result.after)).toEqual(contentOf(whole));
  });

  test("keeps the table that it was to replace", async () => {
    const before = temporaryFolder();
    const old = { ...MADE_UP_MAPPING, table: { ...MADE_UP_MAPPING.table, version: "0.9.0" } };
    const mapping = path.join(before, "old-mapping.json");
    writeFileSync(mapping, JSON.stringify(old));
    const import_ = ["table", "import", "csv", files.csv, "--mapping", mapping];
    await succeed([...import_, "--output", path.join(before, "tables", "made-up")]);
    const size = occupiedBytes(before);
    for (const bytes of [size, size + PAGE_BYTES, size + occupiedBytes(whole) / 2, size + occupiedBytes(whole)]) {
      const result = await runOnSmallDisk(
        [...words, "--overwrite"],
        { folder: disk, bytes, before },
        temporaryFolder(),
      );
      expectWriteFailure(result, disk, FULL);
      expect(contentOf(result.after)).toEqual(contentOf(before));
    }
  });
});

/** The content of a site: what is kept between builds is no part of it. */
function siteOf(folder: string) {
  return Object.fromEntries(Object.entries(contentOf(folder)).filter(([name]) => !name.startsWith(".cache")));
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("leaderboard on a disk that gets full"), () => {
  test("leaves every file as it was", async () => {
    const whole = temporaryFolder();
    const words = ["leaderboard", "--table", table, "--output"];
    await succeed([...words, whole]);
    const names = filesBelow(whole).filter((name) => !name.startsWith(".cache"));
    expect(names).toContain("index.html");
    const before = temporaryFolder();
    for (const name of names) {
      mkdirSync(path.dirname(path.join(before, name)), { recursive: true });
      writeFileSync(path.join(before, name), `an older ${name}\n`);
    }
    const failed = new Set<string>();
    const size = occupiedBytes(whole);
    for (let bytes = occupiedBytes(before); ; bytes += Math.ceil(size / 5 / PAGE_BYTES) * PAGE_BYTES) {
      const result = await runOnSmallDisk([...words, disk], { folder: disk, bytes, before }, temporaryFolder());
      if (result.exitCode === 0) {
        expect(siteOf(result.after)).toEqual(siteOf(whole));
        break;
      }
      failed.add(path.basename(expectWriteFailure(result, disk, FULL)));
      expect(siteOf(result.after)).toEqual(siteOf(before));
      expect(result.stdout).not.toContain("index.html");
    }
    expect(failed.size).toBeGreaterThan(1);
  });
});

describe.skipIf(!hasBubblewrap)(needsBubblewrap("merge on a disk that gets full"), () => {
  const methods = ["rs", "rea"];
  const shards = [1, 2].map((index) => path.join(shared, `shard-${index}`));
  const wordsFor = (output: string) => ["merge", ...shards, "--table", table, "--output", output];
  const recordsOf = (output: string, method: string) => path.join(output, "nas-bench-201", method, "records.jsonl");
  const whole = sharedTemporaryFolder();

  beforeAll(async () => {
    for (const [at, shard] of shards.entries()) {
      const plan = ["run", ...methods, "--runs", "20", "--protocol", "nas-bench-201", "--table", table];
      await succeed([...plan, "--shard", `${at + 1}/2`, "--output", shard]);
    }
    await succeed(wordsFor(whole));
  });

  test("leaves of each method everything or nothing", async () => {
    const failed = new Set<string>();
    for (let bytes = PAGE_BYTES; ; bytes += 3 * PAGE_BYTES) {
      const result = await runOnSmallDisk(wordsFor(disk), { folder: disk, bytes }, temporaryFolder());
      if (result.exitCode === 0) break;
      failed.add(path.basename(expectWriteFailure(result, disk, FULL)));
      for (const method of methods) {
        const folder = path.dirname(recordsOf(result.after, method));
        const names = filesBelow(folder).filter((name) => !["revealed.jsonl", "summary.json"].includes(name));
        expect([[], ["measured.jsonl", "records.jsonl", "run.json"]]).toContainEqual(names);
        if (names.length === 0) continue;
        expect(readFileSync(recordsOf(result.after, method))).toEqual(readFileSync(recordsOf(whole, method)));
      }
    }
    expect([...failed]).toEqual(expect.arrayContaining(["records.jsonl", "revealed.jsonl"]));
  });

  test("keeps the results that it was to replace", async () => {
    const before = temporaryFolder();
    await succeed(
      ["run", ...methods, "--runs", "3", "--protocol", "nas-bench-201", "--table", table].concat("--output", before),
    );
    const old = contentOf(before);
    for (const more of [0, 2, 6]) {
      const small = { folder: disk, bytes: occupiedBytes(before) + more * PAGE_BYTES, before };
      const result = await runOnSmallDisk([...wordsFor(disk), "--overwrite"], small, temporaryFolder());
      expectWriteFailure(result, disk, FULL);
      expect(contentOf(result.after)).toEqual(old);
    }
  });
});
