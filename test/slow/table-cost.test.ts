import { mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { filesBelow } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { writeToyDataset } from "../helpers/toy-dataset.ts";

const folder = sharedTemporaryFolder();
const run = (...words: string[]) => runCommandLine(words, { cwd: folder });

beforeAll(() => {
  writeToyDataset(path.join(folder, "toy"));
});

test("times the same random classes under every recipe of the plan and fits a line", async () => {
  const { exitCode, stdout, stderr } = await run("table", "cost", "./toy", "--classes", "4", "--json");
  expect(exitCode, stderr).toBe(0);
  const { recipes, fit, trainings, environment } = JSON.parse(stdout);
  expect(recipes).toEqual(["short", "full"]);
  expect(trainings).toHaveLength(8);
  const macs = trainings.map((training: { macs: number }) => training.macs);
  expect(macs.slice(0, 4)).toEqual(macs.slice(4));
  for (const { seconds, passes } of trainings) {
    expect(seconds).toBeGreaterThan(0);
    expect(passes).toBeGreaterThan(100);
  }
  expect(fit.r2).toBeGreaterThanOrEqual(0);
  expect(fit.r2).toBeLessThanOrEqual(1);
  expect(environment.node).toBe(process.version);
  const text = await run("table", "cost", "./toy", "--classes", "3");
  expect(text.stdout).toMatch(/^trainings +6, of 3 random connected classes$/m);
  expect(text.stdout).toMatch(/^usPerMegaMac +-?\d+\.\d\d$/m);
});

test("reads the images from the folder that --from names", async () => {
  const place = path.join(folder, "without-images");
  writeToyDataset(place);
  const data = path.join(folder, "images");
  mkdirSync(data);
  for (const name of filesBelow(place).filter((file) => file.endsWith(".idx")))
    renameSync(path.join(place, name), path.join(data, name));
  const command = ["table", "cost", "./without-images", "--classes", "3"];
  const without = await run(...command);
  expect(without.exitCode).not.toBe(0);
  expect(without.stderr).toMatch(/^NAS_\w+: .*train-images\.idx/s);
  const given = await run(...command, "--from", "images");
  expect(given.exitCode, given.stderr).toBe(0);
});

test.each([
  ["2", /fewer than three trainings/],
  ["none", /"none"/],
])("refuses %s classes", async (classes, what) => {
  const { exitCode, stderr } = await run("table", "cost", "./toy", "--classes", classes);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("NAS_USAGE");
  expect(stderr).toMatch(what);
});
