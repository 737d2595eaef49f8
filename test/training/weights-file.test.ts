import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openBackend } from "../../core/training/backend.ts";
import { trainTrial } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { encodeWeights } from "../../core/training/weights-file.ts";
import { readNpz, weightsHashOf } from "../helpers/npz-arrays.ts";
import { hasNumpy, needsNumpy, runPython } from "../helpers/numpy.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { DIVERGING_RECIPE, toyImages, toyRecipe } from "../helpers/toy-dataset.ts";

const folder = sharedTemporaryFolder();
const images = toyImages();
let operations: WasmOperations;

interface Saved {
  readonly bytes: Uint8Array;
  readonly weightsSha256: string;
  /** The network's own weights by name. */
  readonly own: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

function trainAndSave(architecture: number, recipe = toyRecipe()): Saved {
  let bytes = new Uint8Array() as Uint8Array;
  const own = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  const { weightsSha256 } = trainTrial(operations, images, recipe, architecture, 1, undefined, (network) => {
    bytes = encodeWeights(network);
    for (const { name, tensor } of network.parameters) {
      own.set(name, { shape: tensor.shape, values: (tensor.dataSync() as Float32Array).slice() });
    }
  });
  return { bytes, weightsSha256, own };
}

let saved: Saved;
beforeAll(async () => {
  operations = new WasmOperations(await openBackend("wasm"));
  saved = trainAndSave(19);
});

describe("a weights file", () => {
  test("holds convolutions as [out, in, height, width] and the head as [classes, features]", () => {
    const read = readNpz(saved.bytes);
    expect(read.get("stem.weights")!.shape).toEqual([8, 1, 3, 3]);
    expect(read.get("reduction1.first.weights")!.shape).toEqual([16, 8, 3, 3]);
    expect(read.get("reduction2.shortcut.weights")!.shape).toEqual([32, 16, 1, 1]);
    expect(read.get("head.weights")!.shape).toEqual([3, 32]);
    expect(read.get("head.bias")!.shape).toEqual([3]);
    for (const [name, { shape, values }] of saved.own) {
      const array = read.get(name)!;
      if (shape.length === 1) expect([...array.values]).toEqual([...values]);
      if (shape.length === 2) {
        const [from, to] = shape as [number, number];
        for (let i = 0; i < from; i++) {
          for (let o = 0; o < to; o++) expect(array.values[o * from + i]).toBe(values[i * to + o]);
        }
      }
      if (shape.length !== 4) continue;
      const [height, width, from, to] = shape as [number, number, number, number];
      for (let at = 0; at < values.length; at++) {
        const [o, i] = [at % to, Math.floor(at / to) % from];
        const [y, x] = [Math.floor(at / (to * from * width)), Math.floor(at / (to * from)) % width];
        expect(array.values[((o * from + i) * height + y) * width + x], `${name} ${at}`).toBe(values[at]);
      }
    }
  });

  test("names every layer that was trained, and its running averages", () => {
    const names = [...readNpz(saved.bytes).keys()];
    expect(names.slice(0, saved.own.size)).toEqual([...saved.own.keys()]);
    // Of the three convolutions of architecture 19 those on edges 1 and 2 lead nowhere.
    const cell = names.filter((name) => name.startsWith("stage2.cell0."));
    const parts = ["weights", "gamma", "beta", "mean", "variance"];
    expect(cell).toEqual(parts.map((part) => `stage2.cell0.edge0.${part}`));
    for (const layer of ["stem", "reduction1.first", "reduction1.second", "reduction2.first", "last"]) {
      for (const part of ["gamma", "beta", "mean", "variance"]) expect(names).toContain(`${layer}.${part}`);
    }
    expect(new Set(names).size).toBe(names.length);
  });

  test("gives the hash that the trial has, and no other if a value is changed", () => {
    expect(weightsHashOf(saved.bytes)).toBe(saved.weightsSha256);
    const changed = saved.bytes.slice();
    const inside = Buffer.from(changed.buffer).indexOf("stem.weights.npy") + 128 + 64;
    changed[inside] = changed[inside]! ^ 1;
    expect(weightsHashOf(changed)).not.toBe(saved.weightsSha256);
  });

  test("has the same bytes every time, and other ones for another cell", () => {
    expect(Buffer.from(trainAndSave(19).bytes).equals(saved.bytes)).toBe(true);
    expect(Buffer.from(trainAndSave(8).bytes).equals(saved.bytes)).toBe(false);
  });

  test("of a training that diverged holds one kind of NaN, and its hash fits", () => {
    const { bytes, weightsSha256 } = trainAndSave(1462, DIVERGING_RECIPE);
    const values = readNpz(bytes).get("stem.weights")!.values;
    expect(values.some(Number.isNaN)).toBe(true);
    expect(weightsHashOf(bytes)).toBe(weightsSha256);
  });

  test.skipIf(!hasNumpy)(needsNumpy("is read and verified by the documented Python function"), () => {
    const file = path.join(folder, "weights.npz");
    writeFileSync(file, saved.bytes);
    const page = readFileSync(path.join(REPOSITORY, "docs/training.md"), "utf8");
    const [, snippet] = /```python\n([\s\S]*?)```/.exec(page) ?? [];
    expect(snippet).toContain("def weights_sha256(file):");
    const printed = runPython(`${snippet}\nimport sys\nprint(weights_sha256(sys.argv[1]))`, file);
    expect(printed.trim()).toBe(saved.weightsSha256);
  });
});
