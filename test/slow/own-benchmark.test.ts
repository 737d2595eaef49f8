import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openReportedValues } from "../../core/tables/reported-values.ts";
import { readCard } from "../../core/tables/search-view.ts";
import type { Section } from "../../leaderboard/generator/leaderboard.ts";
import { renderOutputs } from "../../leaderboard/generator/outputs.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { PLANNED, writePlannedTable } from "../helpers/planned-table.ts";
import { METHODS } from "../helpers/recorded-runs.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { collect, groupOf, sectionsOf } from "../leaderboard/collected-board.ts";
import { collectedSite, overviewOf } from "../leaderboard/collected-site.ts";

const folder = sharedTemporaryFolder();
const [table, results] = [path.join(folder, "planned"), path.join(folder, "results")];
const RUNS = 20;

beforeAll(async () => {
  writePlannedTable(table);
  const words = ["run", ...METHODS, "--protocol", PLANNED, "--table", table, "--output", results];
  const { exitCode, stdout, stderr } = await runCommandLine([...words, "--runs", `${RUNS}`]);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^method +runs +distinct +evaluations +fashion-mnist-8x8\.valid +fashion-mnist-8x8\.test$/m);
  expect(stdout).toMatch(/^bohb-multi-fidelity +20 +20 /m);
});

describe("the section of a benchmark on which nothing was published", () => {
  const section = () =>
    sectionsOf(collectedSite({ results: [results], tables: [table] }).board, "re-run")[0] as Section;

  test("ranks the methods among themselves by the test column, without a published row", () => {
    const { groups, rankedBy, columns, heading } = section();
    expect(heading).toContain(PLANNED);
    expect(rankedBy).toBe(`${PLANNED}.test`);
    expect(columns.map(({ dataset, split }) => [dataset, split])).toEqual([
      ["Fashion-MNIST 8x8", "valid"],
      ["Fashion-MNIST 8x8", "test"],
    ]);
    const ranked = groups.filter(({ rank }) => rank !== null);
    expect(ranked.map(({ row }) => row.method).sort()).toEqual([...METHODS].sort());
    expect(ranked[0]?.rank?.best).toBe(1);
    const means = ranked.map(({ row }) => row.accuracies[`${PLANNED}.test`]?.mean ?? Number.NaN);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    for (const { row, published } of groups) {
      expect(published).toEqual([]);
      if (row.origin === "re-run") expect(row).toMatchObject({ runs: RUNS, plannedRuns: RUNS, failures: [] });
    }
  });

  test("has the table's best cell and ResNet below them", () => {
    const reportedValue = openReportedValues(table, readCard(table));
    for (const column of loadProtocol(PLANNED).searches[0]?.report ?? []) {
      const values = Array.from({ length: ARCHITECTURE_COUNT }, (_, index) => reportedValue(index, column));
      const best = Math.max(...values);
      const { accuracies } = groupOf(section(), "optimal").row;
      expect(accuracies[column.column]).toMatchObject({ mean: best, architecture: values.indexOf(best) });
      expect(groupOf(section(), "resnet").row.accuracies[column.column]?.mean).toBe(values[11_472]);
      for (const { row } of section().groups) expect(row.accuracies[column.column]?.mean).toBeLessThanOrEqual(best);
    }
  });

  test("is on the page without a word on published rows", () => {
    const sources = { results: [results], tables: [table], published: [] };
    const { board } = collect(sources);
    const page = overviewOf(sources);
    expect(page).toContain("Best Fashion-MNIST 8x8 test first.");
    expect(page).toContain("Multi-fidelity BOHB");
    for (const [name, text] of renderOutputs(board)) expect(text, name).toContain("REINFORCE");
  });
});

test("where nothing was re-run on the table, its ResNet and best cell have a section of their own", () => {
  const { board, remarks } = collect({ tables: [table] });
  expect(board.sections.map(({ kind }) => kind)).toEqual(["computed", "published"]);
  const [section] = board.sections;
  expect(section?.groups.map(({ row }) => [row.method, row.protocol.id])).toEqual([
    ["resnet", PLANNED],
    ["optimal", PLANNED],
  ]);
  expect(remarks).toEqual([]);
});

test("the command writes the same files twice", async () => {
  const write = async (name: string) => {
    const output = path.join(folder, name);
    const words = ["leaderboard", "--results", results, "--table", table, "--output", output];
    const { exitCode, stdout, stderr } = await runCommandLine(words);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^ *1(–\d)?( \(.*\))? +\S.* claimed /m);
    return ["leaderboard.md", "leaderboard.csv", "leaderboard.tex", "leaderboard.json", "index.html"].map((file) =>
      readFileSync(path.join(output, file), "utf8"),
    );
  };
  expect(await write("site-1")).toEqual(await write("site-2"));
});
