import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { writeGeneratedTable } from "../helpers/generated-table.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { gzipped, madeUpCsv, writeImport } from "../importers/made-up-csv.ts";

const NO_TABLES = { NAS_HARNESS_TABLES: undefined };

function run(cwd: string, ...words: string[]): Promise<CommandResult> {
  return runCommandLine(["table", ...words], { cwd, env: NO_TABLES });
}

describe("table import csv", () => {
  const words = ["import", "csv", "values.csv", "--mapping", "mapping.json"];

  test("makes a table below ./tables, and --if-missing leaves it alone", async () => {
    const folder = temporaryFolder();
    writeImport(folder, gzipped(madeUpCsv()));
    const first = await run(folder, ...words, "--if-missing");
    expect(first).toMatchObject({ exitCode: 0, stderr: "check it: nas-harness table check tables/made-up\n" });
    expect(first.stdout).toMatch(/^imported made-up 1\.0\.0 into tables\/made-up \(3 files, \d\.\d\d MB\)\n$/);
    const card = readFileSync(path.join(folder, "tables/made-up/table.json"));

    const again = await run(folder, ...words, "--if-missing");
    expect(again).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "tables/made-up holds the table of this CSV and mapping already; nothing was done\n",
    });

    const refused = await run(folder, ...words);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("NAS_OUTPUT_EXISTS: the folder holds a table already");
    expect(readFileSync(path.join(folder, "tables/made-up/table.json")).equals(card)).toBe(true);
  });

  test("--if-missing refuses to replace a table of other files, --overwrite does not", async () => {
    const folder = temporaryFolder();
    writeImport(folder, madeUpCsv());
    await run(folder, ...words);
    writeFileSync(path.join(folder, "values.csv"), madeUpCsv({ cells: { 5: { "valid 1": "12.5" } } }));
    const refused = await run(folder, ...words, "--if-missing");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("NAS_OUTPUT_EXISTS: the folder holds a table that was made from other files");
    expect(refused.stderr).toMatch(/made from values\.csv \([0-9a-f]{12}\.\.\.\) and mapping\.json/);
    const replaced = await run(folder, ...words, "--if-missing", "--overwrite", "--json");
    expect(replaced.exitCode).toBe(0);
    expect(JSON.parse(replaced.stdout)).toMatchObject({ imported: true, card: { id: "made-up" } });
  });

  test("--output with a trailing slash is the same folder; --json prints the card", async () => {
    const folder = temporaryFolder();
    writeImport(folder, madeUpCsv());
    const { exitCode, stdout } = await run(folder, ...words, "--output", "elsewhere/", "--json");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout) as { folder: string; imported: boolean; card: TableCard };
    expect(document).toMatchObject({ imported: true, card: { id: "made-up", version: "1.0.0" } });
    expect(JSON.parse(readFileSync(path.join(folder, "elsewhere/table.json"), "utf8"))).toEqual(document.card);
  });

  test("of two processes that import into one folder one does it, the other says why it did not", async () => {
    const folder = temporaryFolder();
    writeImport(folder, madeUpCsv());
    const results = await Promise.all([run(folder, ...words), run(folder, ...words)]);
    const refused = results.filter(({ exitCode }) => exitCode !== 0);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.stderr).toMatch(/^NAS_OUTPUT_(EXISTS|LOCKED): /);
    expect(readdirSync(path.join(folder, "tables"))).toEqual(["made-up"]);
    expect((await run(folder, "info")).stdout).toContain("table made-up 1.0.0 (tables/made-up)");
  });

  test("a broken CSV is one clear error and exit code 2", async () => {
    const folder = temporaryFolder();
    writeImport(folder, madeUpCsv({ cells: { 5: { "valid 1": "nan" } } }));
    const { exitCode, stdout, stderr } = await run(folder, ...words, "--json");
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      [
        'NAS_CSV_VALUE: a cell holds "nan"',
        "  where:   values.csv:7 (row 6), column valid 1",
        "  allowed: a number from 0 to 100 (percent)",
        "  next:    correct the file",
        "",
      ].join("\n"),
    );
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "NAS_CSV_VALUE" } });
  });

  test("without --mapping it is wrong usage", async () => {
    const { exitCode, stderr } = await run(temporaryFolder(), "import", "csv", "values.csv");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NAS_USAGE");
  });
});

describe("a found table", () => {
  const folder = sharedTemporaryFolder();
  const expected = { dataset: "cifar100", recipe: "200-epochs", epoch: 200, source: "made up" };
  const optimum = { ...expected, split: "valid", accuracy: 1, architecture: 3 } as const;
  writeGeneratedTable(path.join(folder, "tables/good"), { omit: { datasets: ["imagenet16-120"] } });
  const bad = sharedTemporaryFolder();
  writeGeneratedTable(path.join(bad, "bad"), {
    identity: { expectedOptima: [optimum] },
    omit: { recipes: ["12-epochs"] },
  });
  truncateSync(path.join(bad, "bad/cifar10/200-epochs/test.arrow"), 99);

  test("table info shows where it comes from and what it holds", async () => {
    const { exitCode, stdout } = await run(folder, "info");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("table generated 1.0.0 (tables/good)");
    for (const text of [
      "nas-bench-201",
      "MIT",
      "Made-up values for tests.",
      "validAccuracy",
      ": 1-12",
      "777, 888, 999",
    ]) {
      expect(stdout).toContain(text);
    }
    const { tables } = JSON.parse((await run(folder, "info", "tables/good/", "--json")).stdout);
    expect(tables).toMatchObject([{ folder: "tables/good/", card: { id: "generated" } }]);
    expect(stdout).toContain(tables[0].card.searchContentHash);
    expect(stdout).toContain(`${(tables[0].bytes / 1e6).toFixed(2)} MB`);
  });

  test("table check prints every check of every table that is found", async () => {
    const { exitCode, stdout, stderr } = await run(folder, "check");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    const passed = lines.filter((line) => line.startsWith("ok "));
    expect(lines.at(-1)).toBe(`all ${passed.length} checks passed`);
    const { tables } = JSON.parse((await run(folder, "check", "--json")).stdout);
    expect(tables).toHaveLength(2);
    expect(stdout).toMatch(/^table fashion-mnist-8x8 1\.0\.0 /m);
    // Besides the checks: the last line, and for each table a heading, a header and an empty line.
    expect(passed).toHaveLength(lines.length - 1 - 3 * tables.length);
    expect(tables.flatMap(({ checks }: { checks: unknown[] }) => checks)).toHaveLength(passed.length);
  });

  test("table check lists all problems at once and exits 1", async () => {
    const { exitCode, stdout, stderr } = await run(bad, "check", "bad");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^failed +file +cifar10\/200-epochs\/test\.arrow/m);
    expect(stdout).toMatch(/^skipped +values +cifar10\/200-epochs test/m);
    expect(stderr).toMatch(/^NAS_TABLE_CHECK_FAILED: 2 of \d+ checks failed/);
    expect(stderr).toContain(
      "- file, cifar10/200-epochs/test.arrow: a file of the table is truncated: it has 99 bytes",
    );
    expect(stderr).toContain("- optimum, cifar100/200-epochs valid at epoch 200: the best mean is");
    expect(stderr).toContain("published is 3 (here");
    const json = await run(bad, "check", "bad", "--json");
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: "NAS_TABLE_CHECK_FAILED" } });
  });

  test("table correlate compares datasets, recipes and seeds", async () => {
    const { exitCode, stdout } = await run(folder, "correlate", "tables/good");
    expect(exitCode).toBe(0);
    const line = (pattern: RegExp) => stdout.split("\n").filter((text) => pattern.test(text));
    expect(
      line(/^200-epochs +valid +cifar10-valid +cifar100 +15625 +0\.\d{3} +0\.\d{3} +1563 +\S+ +\S+$/),
    ).toHaveLength(1);
    expect(line(/^cifar100 +valid +12-epochs +200-epochs +15625 /)).toHaveLength(1);
    expect(line(/^cifar10-valid +12-epochs +valid +111 \/ 777 +15625 /)).toHaveLength(1);
    const [partial] = line(/^cifar100 +200-epochs +test +777 \/ 999 /);
    const n = Number(/777 \/ 999 +(\d+)/.exec(partial ?? "")?.[1]);
    expect(n).toBeGreaterThan(6000);
    expect(n).toBeLessThan(9000);

    const { tables } = JSON.parse((await run(folder, "correlate", "--json")).stdout);
    const { correlations } = tables[0];
    expect(correlations).toHaveLength(stdout.split("\n").filter((text) => / -?\d\.\d{3}$/.test(text)).length);
    expect(correlations[0]).toMatchObject({
      between: "datasets",
      first: { dataset: "cifar10-valid", seed: null },
      second: { seed: null },
      all: { n: 15_625 },
      top: { n: 1563 },
    });
  });
});

describe("without a table of one's own", () => {
  test.each(["info", "check", "correlate"])("table %s takes the one that comes with the harness", async (command) => {
    const { exitCode, stdout, stderr } = await run(temporaryFolder(), command);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^table fashion-mnist-8x8 1\.0\.0 /m);
  });

  test("a folder that is no table is named", async () => {
    const { exitCode, stderr } = await run(temporaryFolder(), "info", "nowhere");
    expect(exitCode).toBe(4);
    expect(stderr).toContain("nowhere");
  });
});

test.each([
  [["--help"], "nas-harness table import csv nb201.csv.gz"],
  [["import", "--help"], "nas-harness table import csv nb201.csv.gz"],
  [["import", "csv", "--help"], "--if-missing"],
  [["info", "--help"], "nas-harness table info"],
  [["check", "--help"], "nas-harness table check tables/"],
  [["correlate", "--help"], "nas-harness table correlate tables/"],
])("table %j shows an example", async (words, example) => {
  const { exitCode, stdout } = await run(temporaryFolder(), ...words);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(example);
  expect(stdout).toMatch(/^Examples?:$/m);
});
