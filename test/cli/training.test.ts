import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { TrainFlags } from "../../core/cli/commands/training.ts";
import { trainCommand } from "../../core/cli/train.ts";
import { openBackend } from "../../core/training/backend.ts";
import { trainTrial } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { weightsHashOf } from "../helpers/npz-arrays.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import {
  TOY_ARCHITECTURES,
  toyImages,
  toyPlan,
  toyRecipe,
  writeRecipes,
  writeToyDataset,
} from "../helpers/toy-dataset.ts";
import { assembleToy, buildToy, writeMadeUpTrials } from "../training/build/built-trials.ts";

const folder = sharedTemporaryFolder();
const toy = path.join(folder, "toy");
const planless = path.join(folder, "planless");
/** Trained for real. */
const table = path.join(folder, "table");
/** Made of numbers that no training gave. */
const forged = path.join(folder, "forged");

const run = (...words: string[]): Promise<CommandResult> => runCommandLine(words, { cwd: folder });

beforeAll(async () => {
  writeToyDataset(toy);
  writeToyDataset(planless, null);
  const [built, madeUp] = [path.join(folder, "built"), path.join(folder, "made-up")];
  await buildToy(built);
  assembleToy(built, table);
  writeMadeUpTrials(madeUp, toyPlan().parts, TOY_ARCHITECTURES);
  assembleToy(madeUp, forged);
  writeFileSync(path.join(folder, "there.npz"), "");
});

describe("train", () => {
  const options = ["--dataset", "./toy", "--recipe", "short"];

  test("prints the curve and the hash of the weights, and says which representative is trained", async () => {
    const operations = new WasmOperations(await openBackend("wasm"));
    const { curves, weightsSha256 } = trainTrial(operations, toyImages(), toyRecipe(), 19, 2);
    const { exitCode, stdout, stderr } = await run("train", "29", ...options, "--seed", "2");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toBe(
      [
        "architecture 29 shares the training of its class's representative, 19",
        "19 |nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|avg_pool_3x3~0|avg_pool_3x3~1|none~2|, recipe short, seed 2\n",
      ].join("\n"),
    );
    const [header, first, second, hash] = stdout.trimEnd().split("\n");
    expect(header).toMatch(/^epoch +rate +train loss +train % +valid loss +valid % +test loss +test %$/);
    const row = (epoch: number, rate: string) => [
      String(epoch),
      rate,
      ...[curves.train, curves.valid, curves.test].flatMap(({ loss, accuracy }) => [
        loss[epoch - 1]!.toFixed(4),
        accuracy[epoch - 1]!.toFixed(2),
      ]),
    ];
    expect(first!.trim().split(/ +/)).toEqual(row(1, "0.1000"));
    expect(second!.trim().split(/ +/)).toEqual(row(2, "0.0500"));
    expect(hash).toBe(`SHA-256 of the weights: ${weightsSha256}`);
  });

  test("--check passes on the table, and --json prints one document", async () => {
    const words = ["train", "|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|avg_pool_3x3~0|avg_pool_3x3~1|none~2|"];
    const { exitCode, stdout, stderr } = await run(...words, ...options, "--check", "table", "--json");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("equal to the trial of table, bit for bit\n");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ architecture: 19, recipe: "short", seed: 1, hasDiverged: false });
    expect(document.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    for (const split of ["train", "valid", "test"]) {
      expect(document.curves[split]).toEqual({
        loss: [expect.any(Number), expect.any(Number)],
        accuracy: [expect.any(Number), expect.any(Number)],
      });
    }
  });

  test("--check fails on other numbers and names each, in one document", async () => {
    const { exitCode, stdout, stderr } = await run("train", "19", ...options, "--check", "forged", "--json");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("NAS_AUDIT_FAILED: the training differs from the table's trial\n");
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe("NAS_AUDIT_FAILED");
    expect(error.where).toMatch(/^forged\n- train loss after epoch 1: stored [\d.]+, trained again [\d.]+\n/);
    expect(error.where).toMatch(/\n- weights: stored [0-9a-f]{64}, trained again [0-9a-f]{64}$/);
  });

  test("--save writes the weights of the hash that is printed, and never over a file", async () => {
    const words = ["train", "19", ...options, "--save", "new/weights.npz", "--json"];
    const { exitCode, stdout, stderr } = await run(...words);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/\nsaved the weights: new\/weights\.npz\n$/);
    const file = path.join(folder, "new/weights.npz");
    const bytes = readFileSync(file);
    expect(weightsHashOf(bytes)).toBe(JSON.parse(stdout).weightsSha256);
    const again = await run("train", "8", ...words.slice(2));
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("NAS_OUTPUT_EXISTS: the file exists\n  where:   new/weights.npz");
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(["weights.npz"]);
  });

  test("--save where nothing can be written says so and leaves nothing behind", async () => {
    const before = readdirSync(folder);
    const { exitCode, stderr } = await run("train", "19", ...options, "--save", "there.npz/weights.npz");
    expect(exitCode).toBe(4);
    expect(stderr).toContain("NAS_WRITE_FAILED: writing failed: ");
    expect(readdirSync(folder)).toEqual(before);
  });

  describe("trains nothing where", () => {
    const flags: TrainFlags = { dataset: toy, recipe: "short", seed: "1", backend: "wasm" };

    test.each<[string, string, Partial<TrainFlags>, string, RegExp]>([
      ["the recipe is unknown", "19", { recipe: "long" }, "NAS_USAGE", /no recipe "long"/],
      ["the dataset has no plan", "19", { dataset: planless }, "NAS_FILE_NOT_FOUND", /no table-plan\.json/],
      ["the dataset is unknown", "19", { dataset: "nowhere" }, "NAS_PLUGIN_NOT_FOUND", /"nowhere"/],
      ["the seed is none", "19", { seed: "-1" }, "NAS_USAGE", /"-1" is no trial seed/],
      ["the seed is too large", "19", { seed: "2147483648" }, "NAS_USAGE", /no trial seed/],
      ["the architecture is none", "15625", {}, "NAS_ARCHITECTURE_INDEX", /15625/],
      ["the backend is unknown", "19", { backend: "webgl" }, "NAS_USAGE", /no backend "webgl"/],
      [
        "a check would not be exact",
        "19",
        { check: table, backend: "cpu" },
        "NAS_USAGE",
        /only wasm gives the same bits/,
      ],
      ["the weights are no .npz", "19", { save: "weights.h5" }, "NAS_USAGE", /not as "weights\.h5"/],
      ["the weights' file exists", "19", { save: path.join(folder, "there.npz") }, "NAS_OUTPUT_EXISTS", /exists/],
      ["the table lacks the seed", "19", { check: table, seed: "3" }, "NAS_NOT_RECORDED", /seed 3/],
      ["the table lacks the class", "5", { check: table }, "NAS_NOT_RECORDED", /architecture 5/],
      ["there is no table", "19", { check: toy }, "NAS_TABLE_NOT_FOUND", /no table\.json/],
    ])("%s", async (_, architecture, change, code, what) => {
      await expect(trainCommand(architecture, { ...flags, ...change })).rejects.toMatchObject({
        code,
        details: { what: expect.stringMatching(what) },
      });
    });

    test("the table was not trained, on another dataset, or by another recipe of this name", async () => {
      const check = (change: Partial<TrainFlags>) => trainCommand("19", { ...flags, ...change });
      const refused = (what: RegExp) => ({
        code: "NAS_TABLE_REFUSED",
        details: { what: expect.stringMatching(what) },
      });
      await expect(check({ check: inject("generatedTable") })).rejects.toMatchObject(refused(/was not trained/));

      const other = writeToyDataset(path.join(temporaryFolder(), "other"));
      const manifest = path.join(other, "plugin.json");
      writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"toy"', '"other"'));
      await expect(check({ dataset: other, check: table })).rejects.toMatchObject(refused(/not on other/));

      const changed = writeToyDataset(path.join(temporaryFolder(), "toy"));
      writeRecipes(path.join(changed, "recipes"), [toyRecipe({ batchSize: 8 })]);
      await expect(check({ dataset: changed, check: table })).rejects.toMatchObject(refused(/recipe short is not/));
    });
  });
});

test.each([
  [["train", "--help"], "nas-harness train 1462"],
  [["table", "build", "--help"], "nas-harness table build fashion-mnist-8x8 --shard 1/2"],
  [["table", "audit", "--help"], "nas-harness table audit plugins/"],
  [["table", "pilot", "--help"], "nas-harness table pilot fashion-mnist-8x8"],
])("%j shows an example", async (words, example) => {
  const { exitCode, stdout } = await run(...words);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(example);
  expect(stdout).toMatch(/^Examples?:$/m);
});
