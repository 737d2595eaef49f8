import path from "node:path";
import { describe, expect, test } from "vitest";
import { openOperations } from "../../core/training/backend-operations.ts";
import { trainTrial } from "../../core/training/trial.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { type NATIVE_MAINS, writeNativePackage } from "../helpers/native-package.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { toyImages, toyRecipe, writeToyDataset } from "../helpers/toy-dataset.ts";

const folder = sharedTemporaryFolder();
const toy = writeToyDataset(path.join(folder, "toy"));

/** `train` of a cell with every operation on a backend, with such a package installed or without one. */
function train(backend: string, main: keyof typeof NATIVE_MAINS | null = null) {
  const modules = temporaryFolder();
  if (main !== null) writeNativePackage(modules, "tfjs-node", main);
  const words = ["train", "19", "--dataset", toy, "--recipe", "short", "--seed", "2", "--backend", backend, "--json"];
  return runCommandLine(words, { cwd: folder, env: { NODE_PATH: modules } });
}

describe("train --backend", () => {
  test.each([
    ["cpu", null],
    ["tfjs-node", "standIn"],
  ] as const)("%s trains by stock operations, close to what the kernels give", async (backend, main) => {
    const { curves } = trainTrial(await openOperations("wasm"), toyImages(), toyRecipe(), 19, 2);
    const { exitCode, stdout, stderr } = await train(backend, main);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`on the backend ${backend}: close to what tables hold, not equal to the last bit\n`);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ architecture: 19, backend, hasDiverged: false });
    expect(document.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    for (const split of ["train", "valid", "test"] as const) {
      for (const [epoch, loss] of curves[split].loss.entries()) {
        expect(Math.abs(document.curves[split].loss[epoch] - loss), `${split} ${epoch}`).toBeLessThan(1e-3);
      }
    }
  });

  test("wasm is the default", async () => {
    const words = ["train", "19", "--dataset", toy, "--recipe", "short", "--seed", "2", "--json"];
    const { exitCode, stdout, stderr } = await runCommandLine(words, { cwd: folder });
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain("last bit");
    const { weightsSha256 } = trainTrial(await openOperations("wasm"), toyImages(), toyRecipe(), 19, 2);
    expect(JSON.parse(stdout)).toMatchObject({ backend: "wasm", weightsSha256 });
  });

  test.each([
    [null, "the package @tensorflow/tfjs-node is not installed"],
    ["withoutAddon", "@tensorflow/tfjs-node is installed without its native library"],
    ["withoutStart", "the TensorFlow.js backend tfjs-node does not start"],
  ] as const)("with the package %s ends with exit code 4 and says why", async (main, what) => {
    const { exitCode, stdout, stderr } = await train("tfjs-node", main);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`NAS_TRAINING_BACKEND: ${what}`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(JSON.parse(stdout).error.code).toBe("NAS_TRAINING_BACKEND");
  });

  test("that is none ends with exit code 2 and names those that there are", async () => {
    const { exitCode, stderr } = await train("webgl");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/NAS_USAGE: there is no backend "webgl"[\s\S]*wasm, tfjs-node-gpu, tfjs-node, cpu/);
  });
});
