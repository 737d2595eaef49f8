import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { architectureReport, formatReport } from "../../core/cli/query-report.ts";
import { classMembers } from "../../core/space/classes.ts";
import { formatArchitecture } from "../../core/space/codec.ts";
import { drawCell } from "../../core/space/drawing.ts";
import { flopsOf, parametersOf } from "../../core/space/network-size.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { openTestView } from "../../core/tables/test-view.ts";
import { networkMacs } from "../../core/training/network-macs.ts";
import { networkParameters } from "../../core/training/network-parameters.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { EMBEDDED_TABLE } from "../helpers/embedded-table.ts";
import { writeGeneratedTable } from "../helpers/generated-table.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const ARCHITECTURE = 1462;
const STRING = formatArchitecture(ARCHITECTURE);

function query(cwd: string, ...words: string[]): Promise<CommandResult> {
  return runCommandLine(["query", ...words], { cwd, env: { NAS_HARNESS_TABLES: undefined } });
}

const folder = sharedTemporaryFolder();
const table = path.join(folder, "tables/generated");
const card = writeGeneratedTable(table);

describe("with a table", () => {
  test("one screen shows what is known", async () => {
    const { exitCode, stdout, stderr } = await query(folder, `${ARCHITECTURE}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(42);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines[0]).toBe("architecture 1462");
    expect(lines[1]).toBe(STRING);
    expect(stdout).toContain(drawCell(ARCHITECTURE));
    expect(stdout).toContain("from table generated 1.0.0 (tables/generated)");
  });

  test("trials stand with their seeds, means say what they are over", async () => {
    const { stdout } = await query(folder, `${ARCHITECTURE}`);
    const lookup = openSearchView(table).trials("cifar10-valid", "12-epochs");
    const values = lookup
      .singleTrials(ARCHITECTURE, "validAccuracy", 12)
      .map((row) => lookup.column("validAccuracy")?.values[row * 12 + 11] as number);
    const [first, second] = values.map((value) => value.toFixed(2));
    const mean = (((values[0] as number) + (values[1] as number)) / 2).toFixed(2);
    const escaped = `valid +12 +${mean} +seed 111: ${first}, 777: ${second}$`.replaceAll(".", "\\.");
    expect(stdout).toMatch(new RegExp(escaped, "m"));

    const other = path.join(temporaryFolder(), "aggregated");
    writeGeneratedTable(other, { aggregated: true });
    const aggregated = await query(folder, `${ARCHITECTURE}`, "--table", other);
    expect(aggregated.stdout).toMatch(/valid +12 +\d+\.\d\d {2}mean of 2, seeds 111, 777$/m);
  });

  test("an index and its string are the same query; --json prints one document", async () => {
    const byIndex = await query(folder, `${ARCHITECTURE}`, "--json");
    const byString = await query(folder, STRING, "--json");
    expect(byString.stdout).toBe(byIndex.stdout);
    const report = JSON.parse(byIndex.stdout);
    expect(report).toMatchObject({
      architecture: ARCHITECTURE,
      string: STRING,
      class: { members: classMembers(ARCHITECTURE) },
      reachable: true,
      table: { id: "generated", version: "1.0.0", folder: "tables/generated" },
    });
    const input = { classes: 120, imageSize: 16 };
    expect(report.sizes.at(-1)).toEqual({
      dataset: "imagenet16-120",
      ...input,
      parameters: parametersOf(ARCHITECTURE, input),
      flops: flopsOf(ARCHITECTURE, input),
    });
    const expected = card.datasets.flatMap(({ id, recipes }) => recipes.map((recipe) => `${id}/${recipe.id}`));
    const { recorded } = report as { recorded: { dataset: string; recipe: string; metrics: object[] }[] };
    expect(recorded.map(({ dataset, recipe }) => `${dataset}/${recipe}`)).toEqual(expected);
    const lookup = openTestView(table, card, "cifar100", "200-epochs");
    const test = recorded.find((entry) => entry.dataset === "cifar100" && entry.recipe === "200-epochs");
    const mean = lookup.mean(ARCHITECTURE, "testAccuracy", 200);
    expect(test?.metrics).toContainEqual(
      expect.objectContaining({
        metric: "testAccuracy",
        epoch: 200,
        from: "trials",
        trials: mean?.trials,
        mean: expect.closeTo(mean?.value as number, 4),
      }),
    );
  });

  test("training seconds are those of one epoch, a list's mean", async () => {
    const { recorded } = JSON.parse((await query(folder, `${ARCHITECTURE}`, "--json")).stdout);
    const lookup = openSearchView(table).trials("cifar10-valid", "12-epochs");
    let ms = 0;
    for (let epoch = 1; epoch <= 12; epoch++) ms += lookup.mean(ARCHITECTURE, "trainMs", epoch)?.value as number;
    expect(recorded[0].trainSecondsPerEpoch).toBeCloseTo(ms / 12 / 1000, 4);
  });

  test("--row prints exactly the six numbers, the header goes to stderr", async () => {
    const { exitCode, stdout, stderr } = await query(folder, "--row", STRING);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      "cifar10.valid cifar10.test cifar100.valid cifar100.test imagenet16-120.valid imagenet16-120.test\n",
    );
    const search = openSearchView(table);
    const means = [
      search.trials("cifar10-valid", "200-epochs").mean(ARCHITECTURE, "validAccuracy", 200),
      openTestView(table, card, "cifar10", "200-epochs").mean(ARCHITECTURE, "testAccuracy", 200),
      search.trials("cifar100", "200-epochs").mean(ARCHITECTURE, "validAccuracy", 200),
      openTestView(table, card, "cifar100", "200-epochs").mean(ARCHITECTURE, "testAccuracy", 200),
      search.trials("imagenet16-120", "200-epochs").mean(ARCHITECTURE, "validAccuracy", 200),
      openTestView(table, card, "imagenet16-120", "200-epochs").mean(ARCHITECTURE, "testAccuracy", 200),
    ];
    expect(stdout).toMatch(/^(\d+\.\d\d ){5}\d+\.\d\d\n$/);
    stdout.split(" ").forEach((text, at) => {
      expect(Math.abs(Number(text) - (means[at]?.value as number))).toBeLessThan(0.00501);
    });
    const { columns } = JSON.parse((await query(folder, "--row", STRING, "--json")).stdout);
    expect(Object.values(columns)).toEqual(stdout.split(" ").map(Number));
  });

  test("a table that lacks a reported value is refused for --row", async () => {
    const partial = path.join(temporaryFolder(), "partial");
    writeGeneratedTable(partial, { omit: { datasets: ["cifar100"] } });
    const { exitCode, stdout, stderr } = await query(folder, "--row", "3", "--table", partial);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^NAS_NOT_RECORDED: table generated has no cifar100\/200-epochs/);
  });
});

describe("where no table was made", () => {
  test("a query shows the table that comes with the harness, and the size of the network that was trained", async () => {
    const { exitCode, stdout, stderr } = await query(temporaryFolder(), "77");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(drawCell(77));
    expect(stdout).toContain("class   77 (lowest index of 25 isomorphic cells; the others: 180, 212,");
    expect(stdout).toContain("operations in parentheses are on no path to the output");
    // C=8, one cell a stage, one grey channel: nothing of NAS-Bench-201's own network.
    expect(stdout).toMatch(/^fashion-mnist-8x8 +10 +8 x 8 +0\.0\d+ M +0\.\d+ M$/m);
    expect(stdout).toMatch(/^fashion-mnist-8x8 +full .* seed 1: [\d.]+, 2: [\d.]+, 3: [\d.]+$/m);
    const { table: shown, sizes } = JSON.parse((await query(temporaryFolder(), "77", "--json")).stdout);
    expect(shown).toMatchObject({ id: "fashion-mnist-8x8" });
    const shape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
    const edges = trainedEdges(77);
    expect(sizes).toEqual([
      {
        ...{ dataset: "fashion-mnist-8x8", classes: 10, imageSize: 8 },
        ...{ parameters: networkParameters(shape, edges), flops: networkMacs(shape, edges) },
      },
    ]);
  });

  test("of a trained table whose dataset is not here, no size is shown: the card does not know the images' channels", async () => {
    const cwd = temporaryFolder();
    cpSync(EMBEDDED_TABLE, path.join(cwd, "elsewhere"), { recursive: true });
    const file = path.join(cwd, "elsewhere/table.json");
    const card = JSON.parse(readFileSync(file, "utf8"));
    card.training.dataset.name = "gone";
    writeFileSync(file, JSON.stringify(card));
    const { exitCode, stdout } = await query(cwd, "77", "--table", "elsewhere");
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("network for");
    expect(stdout).toMatch(/^fashion-mnist-8x8 +full /m);
  });

  test("a report without any table has the sizes of NAS-Bench-201's networks", () => {
    const text = formatReport(architectureReport(77, null));
    expect(text).toMatch(/^cifar10 +10 +32 x 32 +0\.587386 M +82\.49409 M$/m);
    expect(text).not.toContain("accuracy in percent");
  });

  test("an unreachable cell is called so", async () => {
    const none = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";
    expect((await query(temporaryFolder(), none)).stdout).toContain("reach   no: the output gets no input");
  });

  test("--row exits 4 and names the import command", async () => {
    const { exitCode, stdout, stderr } = await query(temporaryFolder(), "--row", "77");
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: "" });
    expect(stderr).toMatch(/^NAS_TABLE_NOT_FOUND/);
    expect(stderr).toContain("nas-harness table import csv");
  });

  test("a folder that was named and is no table is an error", async () => {
    expect((await query(temporaryFolder(), "77", "--table", "nowhere")).exitCode).toBe(4);
  });
});

describe("what is no architecture", () => {
  test("a malformed string is shown with a caret", async () => {
    const text = STRING.replace("nor_conv_3x3~1", "nor_conv_5x5~1");
    const { exitCode, stderr } = await query(temporaryFolder(), text);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^NAS_ARCHITECTURE_SYNTAX: unknown operation "nor_conv_5x5"/);
    expect(stderr).toMatch(/\n +\^\n/);
  });

  test.each(["15625", "-1", "1.5"])("index %s is refused", async (text) => {
    const { exitCode, stderr } = await query(temporaryFolder(), text);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^NAS_ARCHITECTURE_INDEX/);
  });
});

test("--help shows examples", async () => {
  const { exitCode, stdout } = await query(temporaryFolder(), "--help");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("nas-harness query --row 1462");
});
