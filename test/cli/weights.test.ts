import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy } from "../../core/files/npy-file.ts";
import { decodeNpz } from "../../core/files/npz-file.ts";
import { openBackend } from "../../core/training/backend.ts";
import { type TrialResult, trainTrial } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { encodeWeights } from "../../core/training/weights-file.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { fullFormRecord, SMALL_STATE } from "../helpers/full-form-bytes.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { pickled } from "../helpers/torch-bytes.ts";
import { TOY_RECIPES, toyImages, writeToyDataset } from "../helpers/toy-dataset.ts";

const folder = sharedTemporaryFolder();
const run = (...words: string[]) => runCommandLine(["weights", ...words], { cwd: folder });
const trained = new Map<string, TrialResult>();

beforeAll(async () => {
  writeToyDataset(path.join(folder, "toy"));
  const operations = new WasmOperations(await openBackend("wasm"));
  for (const recipe of TOY_RECIPES) {
    const save = (bytes: Uint8Array) => writeFileSync(path.join(folder, `${recipe.id}.npz`), bytes);
    const result = trainTrial(operations, toyImages(), recipe, 19, 1, undefined, (network) =>
      save(encodeWeights(network)),
    );
    trained.set(recipe.id, result);
  }
  const values = Float32Array.from({ length: 3 * 64 }, (_, at) => ((at * 7) % 13) / 6 - 1);
  writeFileSync(path.join(folder, "images.npy"), encodeNpy({ shape: [3, 1, 8, 8], values }));
  writeFileSync(path.join(folder, "colours.npy"), encodeNpy({ shape: [1, 3, 8, 8], values }));
  writeFileSync(path.join(folder, "odd.npy"), encodeNpy({ shape: [3, 1, 64, 1], values }));
  const record = fullFormRecord(11, { "12": [["cifar10-valid", 111, SMALL_STATE]], "200": [["cifar100", 777, null]] });
  writeFileSync(path.join(folder, "000011.pickle"), pickled(record));
});

describe("weights evaluate", () => {
  test.each(TOY_RECIPES.map(({ id }) => id))(
    "on a split gives what the training by the recipe %s ended with, to the last bit",
    async (recipe) => {
      const dataset = ["--dataset", "./toy", "--recipe", recipe, "--split", "test", "--json"];
      // 29 is another name for what was trained as 19.
      const { exitCode, stdout, stderr } = await run("evaluate", `${recipe}.npz`, "-a", "29", ...dataset);
      expect(exitCode, stderr).toBe(0);
      const { loss, accuracy, images } = JSON.parse(stdout) as { loss: number; accuracy: number; images: number };
      const { curves } = trained.get(recipe)!;
      expect(images).toBe(24);
      expect(Math.fround(loss)).toBe(curves.test.loss.at(-1));
      expect(Math.fround(accuracy)).toBe(curves.test.accuracy.at(-1));
    },
  );

  test("shows the class of each image, or writes the logits", async () => {
    const shown = await run("evaluate", "short.npz", "-a", "19", "--images", "images.npy");
    expect(shown.exitCode, shown.stderr).toBe(0);
    const lines = shown.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().split(/ +/));
    expect(lines[0]).toEqual(["image", "class", "logit"]);
    expect(lines).toHaveLength(4);
    const written = await run("evaluate", "short.npz", "-a", "19", "--images", "images.npy", "-o", "logits.npy");
    expect(written.stdout).toBe("");
    expect(written.stderr).toBe("wrote the logits [3, 3]: logits.npy\n");
    const { shape, values } = decodeNpy(readFileSync(path.join(folder, "logits.npy")), "logits.npy");
    expect(shape).toEqual([3, 3]);
    for (const [at, line] of lines.slice(1).entries()) {
      const logits = [...(values as Float32Array).subarray(3 * at, 3 * at + 3)];
      const largest = Math.max(...logits);
      expect(line).toEqual([String(at), String(logits.indexOf(largest)), largest.toFixed(4)]);
    }
    const again = await run("evaluate", "short.npz", "-a", "19", "--images", "images.npy", "-o", "logits.npy");
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("NAS_OUTPUT_EXISTS");
  });

  test.each<[string, readonly string[], string]>([
    [
      "another architecture",
      ["short.npz", "-a", "1462", "-i", "images.npy"],
      "NAS_WEIGHTS: arrays of architecture 1462",
    ],
    [
      "images of another kind",
      ["short.npz", "-a", "19", "-i", "colours.npy"],
      "NAS_WEIGHTS: the network takes images of 1",
    ],
    [
      "images that are none",
      ["short.npz", "-a", "19", "-i", "odd.npy"],
      "NAS_ARRAY_FILE: an array of [3,1,64,1] holds no",
    ],
    ["no weights", ["images.npy", "-a", "19", "-i", "images.npy"], "NAS_ARRAY_FILE: this is no zip file"],
    ["nothing to evaluate on", ["short.npz", "-a", "19"], "NAS_USAGE: it is not said on what to evaluate"],
    ["no such split", ["short.npz", "-a", "19", "-d", "./toy", "--split", "x"], 'NAS_USAGE: there is no split "x"'],
    [
      "logits of a dataset",
      ["short.npz", "-a", "19", "-d", "./toy", "-o", "x.npy"],
      "NAS_USAGE: only the logits of --images",
    ],
  ])("refuses %s", async (_title, words, message) => {
    const { exitCode, stdout, stderr } = await run("evaluate", ...words);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});

describe("weights export", () => {
  test("lists what there is, then writes what was chosen", async () => {
    const list = await run("export", "11", "--from", "000011.pickle", "--json");
    expect(list.exitCode, list.stderr).toBe(0);
    const trainings = [{ dataset: "cifar10-valid", recipe: "12-epochs", seed: 111 }];
    expect(JSON.parse(list.stdout)).toEqual({ architecture: 11, file: "000011.pickle", trainings });
    const { exitCode, stderr } = await run("export", "11", "--from", "000011.pickle", "-o", "cell.npz");
    expect(stderr).toBe("wrote 1 arrays of cifar10-valid, 12-epochs, seed 111: cell.npz\n");
    expect(exitCode).toBe(0);
    expect([...decodeNpz(readFileSync(path.join(folder, "cell.npz")), "cell.npz")]).toEqual([
      ["stem.0.weight", { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
    ]);
  });

  test.each<[string, readonly string[], string]>([
    ["weights that are not there", ["-d", "cifar100"], "NAS_NOT_RECORDED: the file holds no weights of cifar100"],
    ["a dataset of another benchmark", ["-d", "svhn"], 'NAS_USAGE: there is no dataset "svhn" in the official files'],
    ["a recipe of another space", ["-r", "90"], 'NAS_USAGE: there is no recipe "90" in the official files'],
    ["a seed that is none", ["-s", "-1"], 'NAS_USAGE: "-1" is no trial seed'],
    ["another format", ["-o", "new.pt"], "NAS_USAGE: this is written as .npz"],
  ])("refuses %s", async (_title, words, message) => {
    const { exitCode, stdout, stderr } = await run("export", "11", "--from", "000011.pickle", ...words);
    expect(stderr).toContain(message);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(existsSync(path.join(folder, "new.pt"))).toBe(false);
  });
});
