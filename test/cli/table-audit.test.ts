import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { auditCommand } from "../../core/cli/table-audit.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TOY_ARCHITECTURES, toyPlan, writeToyDataset } from "../helpers/toy-dataset.ts";
import { assembleToy, buildToy, writeMadeUpTrials } from "../training/build/built-trials.ts";

const folder = sharedTemporaryFolder();
const toy = path.join(folder, "toy");
/** Trained for real. */
const table = path.join(folder, "table");
/** Made of numbers that no training gave. */
const forged = path.join(folder, "forged");

const run = (...words: string[]): Promise<CommandResult> => runCommandLine(words, { cwd: folder });

beforeAll(async () => {
  writeToyDataset(toy);
  const [built, madeUp] = [path.join(folder, "built"), path.join(folder, "made-up")];
  await buildToy(built);
  assembleToy(built, table);
  writeMadeUpTrials(madeUp, toyPlan().parts, TOY_ARCHITECTURES);
  assembleToy(madeUp, forged);
});

test("passes on the table, and --json prints one document", async () => {
  const { exitCode, stdout, stderr } = await run(
    ...["table", "audit", "table", "--dataset", "toy/", "--sample", "3", "--jobs", "1", "--json"],
  );
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/^(equal {4}(short|full), seed [12], architecture \d+\n){3}$/);
  const { table: id, version, audited } = JSON.parse(stdout);
  expect({ id, version }).toEqual({ id: "toy-table", version: "0.1.0" });
  expect(audited).toHaveLength(3);
  for (const { architecture, differences } of audited) {
    expect(TOY_ARCHITECTURES).toContain(architecture);
    expect(differences).toEqual([]);
  }
});

test("fails on numbers that no training gave, and names the trials, in one document", async () => {
  const { exitCode, stdout, stderr } = await run(
    ...["table", "audit", "forged", "--dataset", "./toy", "--sample", "2", "--jobs", "1", "--json"],
  );
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^(DIFFERS {2}\w+, seed \d, architecture \d+\n){2}NAS_AUDIT_FAILED: 2 of 2 trials/);
  const { error } = JSON.parse(stdout);
  expect(error.code).toBe("NAS_AUDIT_FAILED");
  expect(error.where).toMatch(/^- (short|full), seed [12], architecture \d+: train loss after epoch 1: .*; weights: /);
});

const flags = { sample: "1", seed: "1", jobs: "1" };

test("refuses a folder that holds no table, and a table that was not trained", async () => {
  await expect(auditCommand(toy, flags)).rejects.toMatchObject({ code: "NAS_TABLE_NOT_FOUND" });
  await expect(auditCommand(inject("generatedTable"), flags)).rejects.toMatchObject({ code: "NAS_TABLE_REFUSED" });
});

test("needs the table's own dataset", async () => {
  await expect(auditCommand(table, flags)).rejects.toMatchObject({ code: "NAS_PLUGIN_NOT_FOUND" });
  const dataset = "fashion-mnist-8x8";
  await expect(auditCommand(table, { ...flags, dataset })).rejects.toMatchObject({
    code: "NAS_TABLE_REFUSED",
    details: { what: "the table was trained on the dataset toy, not on fashion-mnist-8x8" },
  });
});

test.each(["0", "many", "1.5"])("--sample %s is wrong usage", async (sample) => {
  await expect(auditCommand(table, { ...flags, sample })).rejects.toMatchObject({ code: "NAS_USAGE" });
});
