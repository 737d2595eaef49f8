import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import type { BuildFlags } from "../../core/cli/commands/training.ts";
import { buildTable } from "../../core/cli/table-build.ts";
import { classRepresentatives } from "../../core/space/classes.ts";
import { readCard } from "../../core/tables/search-view.ts";
import { checkTable } from "../../core/tables/table-check.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { contentOf, filesBelow } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { toyPlan, toyRecipe, writeToyDataset } from "../helpers/toy-dataset.ts";
import { writeMadeUpTrials } from "../training/build/built-trials.ts";

const folder = sharedTemporaryFolder();
const toy = path.join(folder, "toy");
const planless = path.join(folder, "planless");
const plan = toyPlan([toyRecipe()], [1]);
const classes = classRepresentatives();
const flags: BuildFlags = { jobs: "1" };

const run = (...words: string[]): Promise<CommandResult> => runCommandLine(words, { cwd: folder });

beforeAll(() => {
  writeToyDataset(toy);
  writeToyDataset(planless, null);
});

test("in two shards: a broken line is named, each shard trains its part, the last one makes a table that is right", async () => {
  writeToyDataset(path.join(folder, "short-only"), plan);
  // All but six of the classes were "trained" before.
  writeMadeUpTrials(path.join(folder, "part-1"), plan.parts, classes.slice(0, -6), { index: 1, count: 2 });
  const file = path.join(folder, "part-1", "short-1", "1-of-2.trials");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^(.*\n){40}.*/, "$&?"));
  const build = ["table", "build", "short-only/", "--jobs", "1"];
  const first = await run(...build, "--work", "part-1", "--shard", "1/2");
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stdout).toBe("");
  expect(first.stderr).toMatch(/^NAS_BUILD_CORRUPT: a stored training can't be read: its checksum does not match\n/);
  expect(first.stderr).toContain(`${path.join("part-1", "short-1", "1-of-2.trials")}:41\n`);
  expect(first.stderr).toContain("it is trained again\n");
  expect(first.stderr).toContain("3233 of 3233 trainings are in part-1");
  expect(first.stderr).toContain("table build --with");
  expect(existsSync(path.join(folder, "part-2"))).toBe(false);

  const output = ["--output", "made"];
  const second = await run(...build, "--work", "part-2", "--with", "part-1", ...output, "--json");
  expect(second.exitCode, second.stderr).toBe(0);
  const { card, folder: place } = JSON.parse(second.stdout);
  expect(place).toBe("made");
  expect(card).toEqual(readCard(path.join(folder, "made")));
  const checks = checkTable(path.join(folder, "made"), card);
  expect(checks.filter(({ result }) => result !== "ok")).toEqual([]);
});

test("does not train where the table could not be written", async () => {
  const work = path.join(temporaryFolder(), "work");
  for (const output of [inject("generatedTable"), toy]) {
    await expect(buildTable(toy, { ...flags, work, output })).rejects.toMatchObject({ code: "NAS_OUTPUT_EXISTS" });
  }
  await expect(buildTable(toy, { ...flags, work, output: toy, overwrite: true })).rejects.toMatchObject({
    code: "NAS_OUTPUT_EXISTS",
  });
  expect(existsSync(work)).toBe(false);
  expect(filesBelow(toy)).toContain("plugin.json");
});

test("--finished trains nothing: it makes the table of the seeds that are complete", async () => {
  const [work, output] = [path.join(folder, "seeds"), path.join(temporaryFolder(), "table")];
  const finished: BuildFlags = { ...flags, work, output, finished: true };
  const two = toyPlan([toyRecipe()], [1, 2]);
  const dataset = writeToyDataset(path.join(temporaryFolder(), "toy"), two);
  writeMadeUpTrials(work, two.parts.slice(0, 1), classes.slice(1));
  await expect(buildTable(dataset, finished)).rejects.toMatchObject({ code: "NAS_SHARDS_INCOMPLETE" });
  expect(existsSync(output)).toBe(false);
  writeMadeUpTrials(work, two.parts.slice(1), classes);
  const { exitCode, stdout, stderr } = await run(
    ...["table", "build", dataset, "--work", "seeds", "--output", output, "--finished"],
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/\(short: seeds 2; /);
  expect(stderr).toContain(`nas-harness table audit ${output} --dataset ${dataset}\n`);
  expect(readCard(output).datasets[0]!.recipes.map(({ seeds }) => seeds)).toEqual([[2]]);
  expect(filesBelow(work)).toHaveLength(2);
});

test("--with goes on from a table of finished seeds, and refuses one of another recipe", async () => {
  const own = temporaryFolder();
  const [first, both, made] = ["first", "both", "made"].map((name) => path.join(own, name)) as [string, string, string];
  const two = toyPlan([toyRecipe()], [1, 2]);
  const dataset = writeToyDataset(path.join(own, "toy"), two);
  writeMadeUpTrials(path.join(own, "seed-1"), two.parts.slice(0, 1), classes);
  writeMadeUpTrials(path.join(own, "seed-2"), two.parts.slice(1), classes);
  writeMadeUpTrials(path.join(own, "seeds"), two.parts, classes);
  const finished: BuildFlags = { ...flags, finished: true };
  await buildTable(dataset, { ...finished, work: path.join(own, "seed-1"), output: first });
  await buildTable(dataset, { ...finished, work: path.join(own, "seed-2"), output: made, with: [first] });
  await buildTable(dataset, { ...finished, work: path.join(own, "seeds"), output: both });
  expect(contentOf(made)).toEqual(contentOf(both));
  // A build that is complete with what it takes over trains nothing.
  const work = path.join(own, "work");
  const again = { ...flags, work, output: path.join(own, "again"), with: [made] };
  await buildTable(dataset, again);
  expect(contentOf(path.join(own, "again"))).toEqual(contentOf(both));

  const other = writeToyDataset(path.join(own, "other"), toyPlan([toyRecipe({ batchSize: 8 })], [1, 2]));
  const change = { work: path.join(own, "none"), output: path.join(own, "refused") };
  await expect(buildTable(other, { ...again, ...change })).rejects.toMatchObject({ code: "NAS_RESUME_MISMATCH" });
});

test.each<[string, string, Partial<BuildFlags>, string]>([
  ["a dataset without a plan", planless, {}, "NAS_FILE_NOT_FOUND"],
  ["a shard that is none", toy, { shard: "3/2" }, "NAS_USAGE"],
  ["a shard that is to make a table", toy, { shard: "1/2", finished: true }, "NAS_USAGE"],
  ["no processes", toy, { jobs: "0" }, "NAS_USAGE"],
  ["another shard's folder that is not there", toy, { with: [path.join(folder, "nowhere")] }, "NAS_FILE_NOT_FOUND"],
])("refuses %s", async (_, dataset, change, code) => {
  const place = temporaryFolder();
  const output = { work: path.join(place, "work"), output: path.join(place, "table") };
  await expect(buildTable(dataset, { ...flags, ...output, ...change })).rejects.toMatchObject({ code });
  expect(existsSync(path.join(place, "work"))).toBe(false);
});
