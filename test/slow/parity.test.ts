import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readSummary } from "../../core/statistics/summary-file.ts";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";
import { boundOf, checkParity, PARITY_METHODS } from "../../leaderboard/parity-check.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { hasSharedData, needsSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const MAPPING = path.join(REPOSITORY, "core/importers/mappings/nas-bench-201-extract.json");

describe.skipIf(!hasSharedData)(needsSharedData("the four methods on the real table"), () => {
  test("meet the published means: import, 4 x 500 runs, parity and leaderboard by the command line", async () => {
    const folder = temporaryFolder();
    const [table, results, site] = ["table", "results", "site"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const succeed = async (words: readonly string[]) => {
      const { exitCode, stdout, stderr } = await runCommandLine(words);
      expect(exitCode, stderr).toBe(0);
      return stdout;
    };
    await succeed(["table", "import", "csv", sharedData("nb201.csv.gz"), "--mapping", MAPPING, "--output", table]);
    await succeed(["table", "check", table]);
    await succeed([
      "run",
      ...PARITY_METHODS,
      "--protocol",
      "nas-bench-201-mean",
      "--table",
      table,
      "--output",
      results,
    ]);

    const summaries = PARITY_METHODS.map((method) => readSummary(path.join(results, "nas-bench-201-mean", method)));
    for (const { rows } of summaries) expect(rows[0]).toMatchObject({ runs: 500, failedRuns: 0, distinctRuns: 500 });
    const published = readPublished()[0]!;
    const { differences } = checkParity(summaries, published);
    expect(differences).toHaveLength(24);
    for (const { method, column, difference } of differences) {
      expect(Math.abs(difference), `${method} ${column}`).toBeLessThanOrEqual(boundOf(column));
    }
    const parity = spawnSync(process.execPath, [path.join(REPOSITORY, "leaderboard/parity.ts"), "--results", results], {
      encoding: "utf8",
    });
    expect(parity.status, parity.stderr).toBe(0);
    expect(parity.stdout).toContain("24 of 24");

    const printed = await succeed(["leaderboard", "--results", results, "--output", site, "--table", table]);
    expect(printed.trimEnd().split("\n").at(-1)).toBe(path.join(site, "index.html"));
    for (const name of ["index.html", "leaderboard.md", "leaderboard.csv", "leaderboard.tex", "leaderboard.json"]) {
      expect(existsSync(path.join(site, name))).toBe(true);
    }
  });
});
