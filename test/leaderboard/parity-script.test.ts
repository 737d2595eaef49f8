import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";
import { PARITY_METHODS } from "../../leaderboard/parity-check.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeMethodResults } from "../statistics/method-results.ts";

function parity(...words: string[]) {
  const script = path.join(REPOSITORY, "leaderboard/parity.ts");
  return spawnSync(process.execPath, [script, ...words], { encoding: "utf8", cwd: temporaryFolder() });
}

/** Results of the four methods that answer the published means in every run, `shift` higher. */
function writeResults(shift: number, runs = 500): string {
  const output = temporaryFolder();
  for (const method of PARITY_METHODS) {
    const printed = readPublished()[0]?.rows.find((row) => row.method === method);
    const columns = Object.entries(printed?.columns ?? {}).map(([name, { mean }]) => [name, mean + shift]);
    writeMethodResults(output, {
      method,
      runs: Array(runs).fill({ values: Object.fromEntries(columns), evaluated: [1] }),
    });
  }
  return output;
}

describe("npm run parity", () => {
  test("ends with 0 and 24 differences where all are within their bounds", () => {
    const { status, stdout } = parity("--results", writeResults(0.1));
    expect(status).toBe(0);
    expect(stdout.match(/^(rea|rs|reinforce|bohb) .*\+0\.10 .* ok /gm)).toHaveLength(24);
    expect(stdout).toContain("24 of 24 differences are within their bounds");
  });

  test("ends with 1 where one is not", () => {
    const { status, stdout } = parity("--results", writeResults(-0.2));
    expect(status).toBe(1);
    expect(stdout.match(/ OUT /g)).toHaveLength(8);
    expect(stdout).toContain("16 of 24 differences are within their bounds");
  });

  test("ends with 4 and names the command where results are missing or of too few runs", () => {
    const missing = parity();
    expect([missing.status, missing.stdout]).toEqual([4, ""]);
    expect(missing.stderr).toMatch(
      /NAS_RESULTS_MISSING[\s\S]*bohb has no summary\.json[\s\S]*npm run start:nas-bench-201/,
    );
    const few = parity("--results", writeResults(0, 3));
    expect([few.status, few.stderr]).toEqual([4, expect.stringContaining("rea has 3 finished runs, not 500")]);
  });

  test("ends with 2 on an unknown flag", () => {
    expect(parity("--result", "x")).toMatchObject({ status: 2, stderr: expect.stringContaining("NAS_USAGE") });
  });
});
