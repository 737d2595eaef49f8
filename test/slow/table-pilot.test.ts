import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import type { PilotFlags } from "../../core/cli/commands/training.ts";
import { pilotTable } from "../../core/cli/table-pilot.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { filesBelow } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import {
  TOY_ARCHITECTURES,
  TOY_RECIPES,
  toyPlan,
  toyRecipe,
  writeRecipes,
  writeToyDataset,
} from "../helpers/toy-dataset.ts";
import { assembleToy, writeMadeUpTrials } from "../training/build/built-trials.ts";

const folder = sharedTemporaryFolder();
const toy = path.join(folder, "toy");
/** A table without CIFAR-10. */
const table = path.join(folder, "table");

const run = (...words: string[]): Promise<CommandResult> => runCommandLine(words, { cwd: folder });

beforeAll(() => {
  writeToyDataset(toy);
  writeMadeUpTrials(path.join(folder, "made-up"), toyPlan().parts, TOY_ARCHITECTURES);
  assembleToy(path.join(folder, "made-up"), table);
});

const pilot = ["table", "pilot", "./toy", "--classes", "6", "--seeds", "2", "--jobs", "2", "--work", "pilot-work"];

test("trains two candidates on the same classes and reports them; again, it trains nothing", async () => {
  writeRecipes(path.join(toy, "pilot"), TOY_RECIPES);
  const { exitCode, stdout, stderr } = await run(...pilot);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("24 of 24 trainings are in pilot-work");
  expect(stderr).toContain("4 of 4 trainings are in pilot-work");
  const [header, ...rows] = stdout.trimEnd().split("\n");
  expect(header).toMatch(
    /^recipe +GMAC +mean % +lowest +highest +sd cells +sd seeds +tau halves +tau top 10 % +tau CIFAR-10 +best 5x longer$/,
  );
  expect(rows.map((row) => row.split(/ +/)[0])).toEqual(["full", "short"]);
  for (const row of rows) expect(row).toMatch(/^\w+( +-?\d+\.\d+){9}$/);

  const before = filesBelow(path.join(folder, "pilot-work"));
  const again = await run(...pilot, "--json", "--reference", inject("generatedTable"), "--output", "pilot.md");
  expect(again.exitCode, again.stderr).toBe(0);
  const { dataset, classes, seeds, recipes } = JSON.parse(again.stdout);
  expect({ dataset, classes, seeds }).toEqual({ dataset: "toy", classes: 6, seeds: 2 });
  expect(recipes.map(({ recipe }: { recipe: string }) => recipe)).toEqual(["full", "short"]);
  for (const own of recipes) {
    expect(own).toMatchObject({ cells: 6, seeds: 2 });
    expect(own.lowest).toBeLessThanOrEqual(own.meanAccuracy);
    expect(own.highest).toBeGreaterThanOrEqual(own.meanAccuracy);
    expect(Math.abs(own.tauWithReference)).toBeLessThanOrEqual(1);
    expect(own.best.accuracy).toBe(own.highest);
    expect(own.bestTrainedLonger).toBeGreaterThan(0);
  }
  // Twice 32 images trained; evaluated: short 16 + 12 + 24 and 16 + 24 + 24, full 16 + 24 + 8 and 16 + 24 + 24.
  const [full, short] = recipes as { gigaMacsPerTraining: number; tauWithCandidates: Record<string, number> }[];
  expect(short!.gigaMacsPerTraining / full!.gigaMacsPerTraining).toBeCloseTo((192 + 52 + 64) / (192 + 48 + 64), 12);
  expect(full!.tauWithCandidates).toEqual({ short: short!.tauWithCandidates.full });
  expect(filesBelow(path.join(folder, "pilot-work"))).toEqual(before);

  const document = readFileSync(path.join(folder, "pilot.md"), "utf8");
  expect(document).toContain("nas-harness table pilot ./toy --classes 6 --seeds 2 --reference");
  expect(document).toContain("6 random classes of connected cells (always the same ones), seeds 1001, 1002 (no table");
  for (const own of recipes as { recipe: string; bestTrainedLonger: number }[]) {
    expect(document).toMatch(new RegExp(`^\\| ${own.recipe} \\| .* ${own.bestTrainedLonger.toFixed(2)} \\|$`, "m"));
  }
});

const FLAGS: PilotFlags = { classes: "4", seeds: "2", jobs: "1" };

test.each<[string, (place: string) => Partial<PilotFlags>, string, RegExp]>([
  ["an odd number of seeds", () => ({ seeds: "3" }), "NAS_USAGE", /3 seeds can't be split into two halves/],
  ["too many seeds", () => ({ seeds: "18" }), "NAS_USAGE", /"18"/],
  ["a single class", () => ({ classes: "1" }), "NAS_USAGE", /one class can't be ranked/],
  ["more classes than there are", () => ({ classes: "6462" }), "NAS_USAGE", /"6462"/],
  ["a folder without recipes", () => ({}), "NAS_FILE_NOT_FOUND", /no recipe files/],
  ["no such folder", (place) => ({ candidates: `${place}/nowhere` }), "NAS_FILE_NOT_FOUND", /no recipe files/],
  [
    "two candidates of one name",
    (place) => {
      writeRecipes(place, TOY_RECIPES);
      writeFileSync(path.join(place, "again.json"), JSON.stringify(toyRecipe({ batchSize: 8 })));
      return {};
    },
    "NAS_SCHEMA",
    /two recipes have the id short/,
  ],
  [
    "a reference that is no table",
    (place) => {
      writeRecipes(place, TOY_RECIPES);
      return { reference: toy };
    },
    "NAS_TABLE_NOT_FOUND",
    /no table\.json/,
  ],
  [
    "a reference without CIFAR-10",
    (place) => {
      writeRecipes(place, TOY_RECIPES);
      return { reference: table };
    },
    "NAS_NOT_RECORDED",
    /cifar10/,
  ],
])("refuses %s before anything is trained", async (_, change, code, what) => {
  const place = temporaryFolder();
  mkdirSync(path.join(place, "candidates"));
  const work = path.join(place, "work");
  const own = { ...FLAGS, work, candidates: path.join(place, "candidates") };
  await expect(pilotTable(toy, { ...own, ...change(own.candidates) })).rejects.toMatchObject({
    code,
    details: { what: expect.stringMatching(what) },
  });
  expect(existsSync(work)).toBe(false);
});
