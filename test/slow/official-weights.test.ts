import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeNpy, type NpyArray } from "../../core/files/npy-file.ts";
import { decodeNpz, encodeNpz } from "../../core/files/npz-file.ts";
import { readFullForm } from "../../core/importers/weights/full-form-file.ts";
import { stateDictArrays } from "../../core/importers/weights/state-dict.ts";
import { parseArchitecture } from "../../core/space/codec.ts";
import { isReachable } from "../../core/space/reachability.ts";
import { openOperations } from "../../core/training/backend-operations.ts";
import { logitsOf } from "../../core/training/logits.ts";
import { normalizedImages } from "../../core/training/normalized-images.ts";
import { loadNetwork } from "../../core/training/weights-loader.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { type FullFormCell, hasTorch, needsTorch, runTorch, writeFullFormFiles } from "../helpers/torch.ts";

const folder = sharedTemporaryFolder();

const cell = (architecture: string, ...trials: FullFormCell["trials"]): FullFormCell => ({
  index: parseArchitecture(architecture),
  architecture,
  trials,
});

/** All operations; dead branches; nodes of zeros with convolutions behind them; nothing at all; skips alone. */
const CELLS: readonly FullFormCell[] = [
  cell(
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|",
    ["12", "cifar10-valid", 111],
    ["12", "cifar10-valid", 777],
    ["200", "cifar100", 888],
    ["200", "ImageNet16-120", 777],
  ),
  cell("|nor_conv_1x1~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|", [
    "200",
    "cifar10",
    777,
  ]),
  cell("|none~0|+|none~0|nor_conv_3x3~1|+|avg_pool_3x3~0|nor_conv_1x1~1|skip_connect~2|", ["200", "cifar10", 777]),
  cell("|none~0|+|none~0|nor_conv_3x3~1|+|none~0|avg_pool_3x3~1|nor_conv_1x1~2|", ["12", "cifar10", 111]),
  cell("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", ["200", "cifar10", 777]),
  cell("|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|", [
    "200",
    "cifar10",
    777,
  ]),
];

const FORMS = ["nats", "legacy", "zip"];

const nameOf = (index: number) => String(index).padStart(6, "0");
const read = (name: string): NpyArray => decodeNpy(readFileSync(path.join(folder, name)), name);

/** What PyTorch's network answered. */
const torchLogits = (index: number, [recipe, dataset, seed]: FullFormCell["trials"][number]) =>
  read(`${nameOf(index)}-${recipe}-${dataset}-${seed}.npy`);

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - b[at]!)));
}

/** How PyTorch takes a file of weights by the documented line, and how far its logits are then from those of before. */
function loadIntoTorch(file: string, architecture: string, classes: number): { load: string; difference: number } {
  const page = readFileSync(path.join(REPOSITORY, "docs/training.md"), "utf8");
  const [, line] = /`(network\.load_state_dict\(.*?\))`/.exec(page) ?? [];
  const script = `import json, sys, numpy, torch
from tiny_network import TinyNetwork
network = TinyNetwork(sys.argv[2], int(sys.argv[3])).eval()
loaded = ${line!.replace('"cell-11.npz"', "sys.argv[1]")}
with torch.no_grad():
    logits = network(torch.from_numpy(numpy.load(sys.argv[4]))).numpy()
difference = float(abs(logits - numpy.load(sys.argv[5])).max())
print(json.dumps({"load": str(loaded), "difference": difference}))`;
  const [images, logits] = ["images.npy", `${nameOf(CELLS[0]!.index)}-200-cifar100-888.npy`];
  const words = [file, architecture, String(classes), path.join(folder, images), path.join(folder, logits)];
  return JSON.parse(runTorch(script, ...words)) as { load: string; difference: number };
}

beforeAll(() => {
  if (hasTorch) writeFullFormFiles(folder, 3, CELLS);
});

/** The trainings of a cell in one of the forms. */
const trainingsOf = (form: string, ending: string, index: number) =>
  readFullForm(path.join(folder, form, `${nameOf(index)}${ending}`), index);

describe.skipIf(!hasTorch)(needsTorch("weights in the full form of NATS-Bench"), () => {
  test.each(CELLS)(
    "of architecture $index are those with which PyTorch's logits come out",
    async ({ index, trials }) => {
      const trainings = await trainingsOf("nats", ".pickle.pbz2", index);
      expect(trainings).toHaveLength(trials.length);
      const operations = await openOperations("wasm");
      const images = normalizedImages(read("images.npy"), "images.npy");
      for (const trial of trials) {
        const [recipe, dataset, seed] = trial;
        const training = trainings.find(
          (each) => each.recipe === `${recipe}-epochs` && each.dataset === dataset.toLowerCase() && each.seed === seed,
        );
        const weights = { file: "w", arrays: stateDictArrays(training!.state, "state") };
        const network = loadNetwork(operations, weights, { architecture: index, imageSize: 32, cells: null });
        const logits = logitsOf(operations, network, images);
        network.dispose();
        const { classes } = network.shape;
        const expected = torchLogits(index, trial);
        expect(expected.shape).toEqual([3, classes]);
        expect(network.shape).toMatchObject({ channels: 16, cellsPerStage: 5, imageChannels: 3 });
        expect(difference(logits, expected.values as Float32Array), `${recipe} ${dataset} ${seed}`).toBeLessThan(1e-4);
        // The logits tell images apart where they can, so that equal ones mean something.
        const apart = difference(logits.subarray(0, classes), logits.subarray(classes, 2 * classes));
        if (isReachable(index)) expect(apart).toBeGreaterThan(1e-3);
      }
    },
  );
});

test.skipIf(!hasTorch).each([
  ["old form", "legacy"],
  ["zip form", "zip"],
])(needsTorch("archives in torch's %s hold the same weights, as parts of one storage"), async (_title, form) => {
  for (const { index } of CELLS) {
    const expected = await trainingsOf("nats", ".pickle.pbz2", index);
    const trainings = await trainingsOf(form, "-FULL.pth", index);
    expect(trainings).toHaveLength(expected.length);
    for (const [at, { state, ...training }] of trainings.entries()) {
      expect(training).toEqual({
        dataset: expected[at]!.dataset,
        recipe: expected[at]!.recipe,
        seed: expected[at]!.seed,
      });
      const [own, other] = [state, expected[at]!.state].map((each) => encodeNpz(stateDictArrays(each, "state")));
      expect(Buffer.from(own!).equals(other!), `training ${at} of architecture ${index}`).toBe(true);
    }
  }
});

test.skipIf(!hasTorch)(needsTorch("stock operations give PyTorch's logits as well"), async () => {
  const operations = await openOperations("cpu");
  const { shape, values } = read("images.npy");
  const one = { shape: [1, ...shape.slice(1)], values: (values as Float32Array).slice(0, 3 * 32 * 32) };
  for (const { index, trials } of CELLS.slice(1, 4)) {
    const [training] = await trainingsOf("zip", "-FULL.pth", index);
    const weights = { file: "w", arrays: stateDictArrays(training!.state, "state") };
    const network = loadNetwork(operations, weights, { architecture: index, imageSize: 32, cells: null });
    const logits = logitsOf(operations, network, normalizedImages(one, "images.npy"));
    network.dispose();
    const expected = torchLogits(index, trials[0]!).values as Float32Array;
    expect(difference(logits, expected.subarray(0, logits.length))).toBeLessThan(1e-4);
  }
});

describe.skipIf(!hasTorch)(needsTorch("weights export and evaluate"), () => {
  const run = (...words: string[]) => runCommandLine(["weights", ...words], { cwd: folder });
  const [first] = CELLS;
  const index = String(first!.index);

  test("write the same file from every form, of which PyTorch's logits come out", async () => {
    const files: Buffer[] = [];
    for (const form of FORMS) {
      const choice = ["--dataset", "cifar100", "--recipe", "200-epochs", "--seed", "888"];
      const { exitCode, stderr } = await run("export", index, "--from", form, ...choice, "-o", `${form}.npz`);
      expect(stderr).toBe(`wrote 309 arrays of cifar100, 200-epochs, seed 888: ${form}.npz\n`);
      expect(exitCode).toBe(0);
      files.push(readFileSync(path.join(folder, `${form}.npz`)));
    }
    expect(files[1]!.equals(files[0]!) && files[2]!.equals(files[0]!)).toBe(true);
    const arrays = decodeNpz(files[0]!, "nats.npz");
    expect(arrays.get("stem.0.weight")!.shape).toEqual([16, 3, 3, 3]);
    expect(arrays.get("cells.16.layers.4.op.1.weight")!.shape).toEqual([64, 64, 3, 3]);
    expect(arrays.get("cells.5.downsample.1.weight")!.shape).toEqual([32, 16, 1, 1]);
    expect(arrays.get("stem.1.num_batches_tracked")).toEqual({ shape: [], values: BigInt64Array.of(20n) });

    // As docs/training.md says, back into PyTorch's network.
    const { load, difference: ofTorch } = loadIntoTorch(path.join(folder, "nats.npz"), first!.architecture, 100);
    expect(load).toBe("<All keys matched successfully>");
    expect(ofTorch).toBe(0);

    const images = ["--architecture", index, "--images", "images.npy"];
    const evaluated = await run("evaluate", "nats.npz", ...images, "--output", "logits.npy", "--json");
    expect(evaluated.exitCode, evaluated.stderr).toBe(0);
    const expected = torchLogits(first!.index, ["200", "cifar100", 888]);
    const written = read("logits.npy");
    expect(written.shape).toEqual([3, 100]);
    expect(difference(written.values as Float32Array, expected.values as Float32Array)).toBeLessThan(1e-4);
    const { logits, classes } = JSON.parse(evaluated.stdout) as { logits: number[][]; classes: number };
    expect(classes).toBe(100);
    expect(logits.flat()).toEqual([...(written.values as Float32Array)]);
  });

  test("say what there is to choose from", async () => {
    const list = await run("export", index, "--from", "nats", "--dataset", "cifar10-valid");
    expect(list.exitCode, list.stderr).toBe(0);
    expect(
      list.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ +/)),
    ).toEqual([
      ["dataset", "recipe", "seed"],
      ["cifar10-valid", "12-epochs", "111"],
      ["cifar10-valid", "12-epochs", "777"],
    ]);
    const ambiguous = await run("export", index, "--from", "zip", "--recipe", "200-epochs", "-o", "none.npz");
    expect(ambiguous.exitCode).toBe(2);
    expect(ambiguous.stderr).toContain("NAS_USAGE: the weights of 2 trainings fit what was asked for");
    expect(ambiguous.stderr).toContain("- imagenet16-120, 200-epochs, seed 777");
    const missing = await run("export", index, "--from", "legacy", "--seed", "999", "-o", "none.npz");
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain("NAS_NOT_RECORDED: the file holds no weights of seed 999");
  });
});
