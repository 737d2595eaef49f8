import { createHash } from "node:crypto";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openBackend } from "../../core/training/backend.ts";
import { Network } from "../../core/training/network.ts";
import { networkShape, trainedEdges } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { weightsHash } from "../../core/training/weights-hash.ts";
import { toyImages, toyRecipe } from "../helpers/toy-dataset.ts";

let operations: WasmOperations;

beforeAll(async () => {
  operations = new WasmOperations(await openBackend("wasm"));
});

function network(seed = 1, architecture = 0): Network {
  const shape = networkShape(toyRecipe(), toyImages().train);
  const made = new Network(operations, shape, trainedEdges(architecture), seed);
  onTestFinished(() => made.dispose());
  return made;
}

/** The value's bits in a running average of the last normalisation. */
function hashWithMean(bits: number): string {
  const own = network();
  const { mean } = own.norms.get("last")!;
  new Uint32Array(mean.buffer)[3] = bits;
  return weightsHash(own);
}

test("is a SHA-256 of names, lengths and little-endian values: parameters first, then running averages", () => {
  const own = network();
  const hash = createHash("sha256");
  const update = (name: string, values: ArrayLike<number>) => {
    const bytes = Buffer.alloc(4 * values.length);
    for (let at = 0; at < values.length; at++) bytes.writeFloatLE(values[at]!, 4 * at);
    hash.update(`${name}:${values.length}:`).update(bytes);
  };
  for (const { name, tensor } of own.parameters) update(name, tensor.dataSync());
  for (const [name, { mean, variance }] of own.norms) {
    update(`${name}.mean`, mean);
    update(`${name}.variance`, variance);
  }
  expect(weightsHash(own)).toBe(hash.digest("hex"));
});

test("depends on the seed and on the cell", () => {
  expect(weightsHash(network())).toBe(weightsHash(network()));
  expect(weightsHash(network(2))).not.toBe(weightsHash(network()));
  expect(weightsHash(network(1, 1462))).not.toBe(weightsHash(network()));
});

test("a single bit of a running average changes it; the bits of a NaN do not", () => {
  const whole = hashWithMean(0);
  expect(whole).toBe(weightsHash(network()));
  expect(hashWithMean(1)).not.toBe(whole);
  expect(hashWithMean(0x80000000), "-0").not.toBe(whole);
  expect(hashWithMean(0xffc00000)).toBe(hashWithMean(0x7fc00000));
  expect(hashWithMean(0x7fc00000)).not.toBe(whole);
});
