import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { DatasheetFlags } from "../../core/cli/commands/training.ts";
import { datasheetCommand } from "../../core/cli/table-datasheet.ts";
import { methodFolder } from "../../core/records/result-folder.ts";
import { reveal } from "../../core/records/reveal.ts";
import { classRepresentatives } from "../../core/space/classes.ts";
import { operationsOf } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { FULL, type KnownTraining, SHORT, writeKnownTable } from "../cli/datasheet/known-table.ts";
import { TOY_PROTOCOL } from "../cli/datasheet/toy-protocol.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { filesBelow } from "../helpers/folder-content.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { runTestSession } from "../helpers/session.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { toyPlan, writeToyDataset } from "../helpers/toy-dataset.ts";
import { assembleToy, buildToy } from "../training/build/built-trials.ts";

const folder = sharedTemporaryFolder();
/** Of five classes, trained for real. */
const trained = path.join(folder, "trained");
/** Of all classes, with accuracies that a test decided. */
const whole = path.join(folder, "whole/table");
let card: TableCard;

const run = (...words: string[]): Promise<CommandResult> =>
  runCommandLine(["table", "datasheet", ...words], { cwd: folder });

/** Number of convolutions by architecture. */
const CONVOLUTIONS = Array.from(
  { length: ARCHITECTURE_COUNT },
  (_, architecture) => operationsOf(architecture).filter((operation) => operation.startsWith("nor_conv")).length,
);

/** More convolutions, more accuracy; cells that are not connected stay at chance. */
function accuracy({ recipe, seed, architecture, split, epoch }: KnownTraining): number {
  if ([10, 12, 74, 172, 879].includes(architecture)) return 33.3333;
  const convolutions = CONVOLUTIONS[architecture]!;
  const noise = ((architecture * 7919 + seed * 104_729 + (split === "test" ? 13 : 0)) % 1009) / 1009;
  return 50 + 4 * convolutions + epoch + (recipe.id === "full" ? 1 : 4) * noise + (recipe.id === "full" ? 5 : 0);
}

beforeAll(async () => {
  writeToyDataset(path.join(folder, "toy"));
  await buildToy(path.join(folder, "built"));
  assembleToy(path.join(folder, "built"), trained);
  card = writeKnownTable(path.join(folder, "whole"), {
    classes: classRepresentatives(),
    parts: [
      { recipe: SHORT, seeds: [1, 2] },
      { recipe: FULL, seeds: [1, 2] },
    ],
    accuracy,
  });
  const results = path.join(folder, "results");
  await runTestSession(results, { tableFolder: whole, protocol: TOY_PROTOCOL });
  const folders = ["rs", "rea"].map((method) => methodFolder(results, TOY_PROTOCOL.id, method));
  await reveal({ protocol: TOY_PROTOCOL, tableFolder: whole, folders });
});

/** Demands that every row of every table has as many cells as its head. */
function expectTables(page: string): void {
  const blocks = page.split("\n\n").filter((block) => block.startsWith("|"));
  expect(blocks.length).toBeGreaterThan(5);
  for (const block of blocks) {
    const widths = block.split("\n").map((line) => line.replaceAll("\\|", "").split("|").length);
    expect(new Set(widths).size, block).toBe(1);
  }
}

/** What no page may hold. */
function expectWhole(page: string): void {
  expect(page).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
  expect(page).not.toMatch(/-0\.0*[^\d.]/);
  expect(page.endsWith("\n")).toBe(true);
}

describe("a table of five classes that were trained", () => {
  test("says what it is, from which command, and that it is partial", async () => {
    const { exitCode, stdout, stderr } = await run("./trained/", "--dataset", "./toy");
    expect(exitCode, stderr).toBe(0);
    expectTables(stdout);
    expectWhole(stdout);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("# Datasheet: Toy");
    expect(lines[2]).toMatch(/^Made by nas-harness \d+\.\d+\.\d+ with the command below\./);
    expect(lines.slice(4, 7)).toEqual(["```", "nas-harness table datasheet trained", "```"]);
    expect(stdout).toContain("**This table is incomplete.** It holds 5 of the 6,466 classes");
    expect(stdout).toContain("20 trainings");
    expect(stdout).toContain("`short`: 2 seeds (1 and 2)");
    expect(stdout).toContain("nas-harness table audit trained --sample 20");
    expect(stdout).toContain("no reference was given");
    expect(stdout).toContain("No results were given");
    expect(stdout).toContain("ResNet's class is not in this table.");
    expect(stdout).toContain("**4 classes connected, 1 not.**");
  });

  test("the same inputs give the same bytes, however the folder is spelled and wherever the page goes", async () => {
    const first = await run("trained", "--dataset", "toy/");
    const second = await run(path.join(folder, "trained"), "--dataset", "./toy", "--output", "docs/page.md");
    expect(second).toMatchObject({ exitCode: 0, stdout: "docs/page.md\n", stderr: "" });
    expect(readFileSync(path.join(folder, "docs/page.md"), "utf8")).toBe(first.stdout);
    expect(filesBelow(path.join(folder, "docs"))).toEqual(["page.md"]);
  });

  test("--json prints the figures as one document", async () => {
    const { exitCode, stdout } = await run("trained", "--dataset", "./toy", "--json");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual([
      ...["table", "training", "mainRecipe", "reference", "recipes"],
      ...["spread", "noise", "correlations", "gain", "methods"],
    ]);
    expect(document).toMatchObject({ mainRecipe: "full", reference: null, methods: null });
    expect(document.table).toMatchObject({ classes: 5, trainings: 20, connectedClasses: 4, distinctNetworks: 5 });
    expect(document.spread.map(({ recipe }: { recipe: string }) => recipe)).toEqual(["short", "full"]);
  });

  test("seeds that the plan names and the table lacks are named", async () => {
    const own = temporaryFolder();
    writeToyDataset(path.join(own, "toy"), toyPlan(toyPlan().recipes, [1, 2, 5, 9]));
    const { stdout } = await run("trained", "--dataset", path.join(own, "toy"));
    expect(stdout).toContain("that it does not hold: 2 seeds of `short` (5 and 9) and 2 seeds of `full` (5 and 9).");
  });
});

describe("a table of all classes", () => {
  const flags = () => ({ dataset: path.join(folder, "toy"), output: path.join(folder, "whole.md") });

  test("with a reference and results", () => {
    datasheetCommand(whole, {
      ...flags(),
      reference: inject("generatedTable"),
      results: path.join(folder, "results"),
    });
    const page = readFileSync(flags().output, "utf8");
    expectTables(page);
    expectWhole(page);
    expect(page).not.toContain("incomplete");
    expect(page).toContain(`nas-harness table datasheet ${whole} --reference ${inject("generatedTable")} --results `);
    expect(page).toContain("**6,466 classes, not 15,625 entries.**");
    expect(page).toContain(
      "They are 6,278 different networks: 188 classes differ from another only in edges that lead nowhere",
    );
    expect(page).toContain("**6,461 classes connected, 5 not.** In 5 classes (341 cells)");
    expect(page).toMatch(/ResNet's cell is at place [\d,]+ of 6,466 on test images/);
    expect(page).toContain("Reference: `generated` 1.0.0");
    // In the generated reference, too, convolutions raise the accuracy.
    const tau = Number(/\| CIFAR-10 \| full: test \| (\d\.\d+) \|/.exec(page)?.[1]);
    expect(tau).toBeGreaterThan(0.3);
    expect(page).toContain("### Protocol `toy-search` 1.0.0, search `cheap`, column `toy.test`");
    expect(page).toMatch(
      /\*\*(Taken alone, )?REA and RS can('t)? be told apart by the accuracy of their answers, at the 5 % level\*\*/,
    );
    expect(page).toMatch(/\| `rs` \| RS \S+ \| 12 \|/);
    expect(page).toContain(card.searchContentHash);
  });

  test("without finished results nothing is written", () => {
    const output = path.join(folder, "none.md");
    const results = path.join(folder, "none");
    mkdirSync(results);
    const error = harnessErrorOf(() => datasheetCommand(whole, { ...flags(), results, output }));
    expect(error.code).toBe("NAS_RESULTS_MISSING");
    expect(existsSync(output)).toBe(false);
  });
});

test("a path in the command is quoted for a shell", async () => {
  assembleToy(path.join(folder, "built"), path.join(folder, "it's here"));
  const { stdout } = await run("it's here", "--dataset", "./toy");
  expect(stdout).toContain("\nnas-harness table datasheet 'it'\\''s here'\n");
});

describe("refuses", () => {
  const refused = (table: string, flags: DatasheetFlags = {}) => harnessErrorOf(() => datasheetCommand(table, flags));

  test("a table that was not trained here", () => {
    const error = refused(inject("generatedTable"));
    expect(error.code).toBe("NAS_TABLE_REFUSED");
    expect(error.details.what).toContain("was not trained by this project");
  });

  test("a folder that holds no table", () => {
    expect(refused(path.join(folder, "toy")).code).toBe("NAS_TABLE_NOT_FOUND");
  });

  test("a dataset that is not found, is another one or another version", () => {
    expect(refused(trained).code).toBe("NAS_PLUGIN_NOT_FOUND");
    const other = refused(trained, { dataset: "fashion-mnist-8x8" });
    expect(other.code).toBe("NAS_TABLE_REFUSED");
    expect(other.details.what).toBe("the table was trained on the dataset toy 1.0.0, this is fashion-mnist-8x8 1.0.0");
    const newer = path.join(temporaryFolder(), "toy");
    writeToyDataset(newer);
    const manifest = path.join(newer, "plugin.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/"version": *"1\.0\.0"/, '"version": "1.0.1"'));
    expect(refused(trained, { dataset: newer }).details.what).toContain("this is toy 1.0.1");
  });

  test("a reference of another benchmark, or none", () => {
    const dataset = path.join(folder, "toy");
    const error = refused(trained, { dataset, reference: whole });
    expect(error.code).toBe("NAS_TABLE_REFUSED");
    expect(error.details.what).toBe("the reference belongs to benchmark toy");
    expect(refused(trained, { dataset, reference: folder }).code).toBe("NAS_TABLE_NOT_FOUND");
  });

  test("a file of the table that was changed", () => {
    const own = temporaryFolder();
    const copy = assembleToy(path.join(folder, "built"), path.join(own, "table"));
    const file = path.join(own, "table", copy.datasets[0]!.recipes[0]!.files[0]!.path);
    writeFileSync(file, readFileSync(file).subarray(1));
    expect(refused(path.join(own, "table"), { dataset: path.join(folder, "toy") }).code).toBe("NAS_TABLE_CORRUPT");
  });

  test("an output that can't be written: what was there stays", async () => {
    const own = temporaryFolder();
    writeFileSync(path.join(own, "file"), "kept");
    const output = path.join(own, "file/page.md");
    const { exitCode, stdout, stderr } = await run("trained", "--dataset", "./toy", "--output", output);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: "" });
    expect(stderr).toMatch(/^NAS_WRITE_FAILED: /);
    expect(readFileSync(path.join(own, "file"), "utf8")).toBe("kept");
  });
});
