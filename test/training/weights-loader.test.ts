import { beforeAll, describe, expect, test } from "vitest";
import type { NpyArray } from "../../core/files/npy-file.ts";
import { decodeNpz, encodeNpz } from "../../core/files/npz-file.ts";
import { Random } from "../../core/random/random.ts";
import { operationsOf, parseArchitecture } from "../../core/space/codec.ts";
import { openBackend, type Tf } from "../../core/training/backend.ts";
import { openOperations, operationsOn } from "../../core/training/backend-operations.ts";
import { logitsOf } from "../../core/training/logits.ts";
import { Network, type NetworkShape } from "../../core/training/network.ts";
import { networkArrayShapes } from "../../core/training/network-arrays.ts";
import type { Operations } from "../../core/training/operations.ts";
import { randomImages } from "../../core/training/self-check/trained-network.ts";
import { stateDictName } from "../../core/training/state-dict-names.ts";
import { trainedEdges, trainTrial } from "../../core/training/trial.ts";
import { networkArrays } from "../../core/training/weights-file.ts";
import { loadNetwork } from "../../core/training/weights-loader.ts";
import { requireImages } from "../../core/training/weights-naming.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { DIVERGING_RECIPE, toyImages, toyRecipe } from "../helpers/toy-dataset.ts";

const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 2, imageSize: 8, imageChannels: 1, classes: 3 };
const MIXED = parseArchitecture("|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|avg_pool_3x3~1|none~2|");
/** Nothing comes into node 1, and what goes out of it is the same for every image. */
const CONSTANTS = parseArchitecture("|none~0|+|none~0|nor_conv_3x3~1|+|avg_pool_3x3~0|nor_conv_1x1~1|skip_connect~2|");
const ALL_SKIP = parseArchitecture(
  "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|",
);
const images = randomImages(SHAPE, 5);

let wasm: Operations;
let stock: Operations;
let tf: Tf;
beforeAll(async () => {
  stock = await openOperations("cpu");
  const open = await openBackend("wasm");
  tf = open.tf;
  wasm = operationsOn(open);
});

/** The largest difference of two lists of numbers. */
function difference(a: Float32Array, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, at) => Math.abs(value - b[at]!)));
}

/** Random arrays for the authors' network of an architecture, by PyTorch's names. */
function stateDict(architecture: number, shape = SHAPE): Map<string, NpyArray> {
  const random = new Random("00000000000000000000000000000007");
  const arrays = new Map<string, NpyArray>();
  for (const [name, lengths] of networkArrayShapes(shape, operationsOf(architecture))) {
    const count = lengths.reduce((product, length) => product * length, 1);
    const value = () => (name.endsWith(".variance") ? 0.5 + random.uniform() : 0.3 * random.normal());
    arrays.set(stateDictName(name, shape.cellsPerStage), {
      shape: lengths,
      values: Float32Array.from({ length: count }, value),
    });
  }
  arrays.set("stem.1.num_batches_tracked", { shape: [], values: BigInt64Array.of(9n) });
  return arrays;
}

function logits(operations: Operations, arrays: ReadonlyMap<string, NpyArray>, architecture: number): Float32Array {
  const network = loadNetwork(operations, { file: "w.npz", arrays }, { architecture, imageSize: 8, cells: null });
  const result = logitsOf(operations, network, images);
  network.dispose();
  return result;
}

const faultOf = (arrays: ReadonlyMap<string, NpyArray>, architecture = MIXED, cells: number | null = null) =>
  harnessErrorOf(() => loadNetwork(wasm, { file: "w.npz", arrays }, { architecture, imageSize: 8, cells }));

test.each([0, 11, 1462, 15_624])("the arrays of architecture %i are those that its network has", (architecture) => {
  for (const edges of [operationsOf(architecture), trainedEdges(architecture)]) {
    const network = new Network(wasm, SHAPE, edges, 1);
    const shapes = [...networkArrays(network)].map(([name, { shape }]) => [name, shape] as const);
    network.dispose();
    expect(networkArrayShapes(SHAPE, edges)).toEqual(new Map(shapes));
  }
});

test.each([
  ["stem.weights", "stem.0.weight"],
  ["stem.gamma", "stem.1.weight"],
  ["stem.beta", "stem.1.bias"],
  ["stem.mean", "stem.1.running_mean"],
  ["stem.variance", "stem.1.running_var"],
  ["stage0.cell0.edge2.weights", "cells.0.layers.2.op.1.weight"],
  ["stage0.cell4.edge5.gamma", "cells.4.layers.5.op.2.weight"],
  ["reduction1.first.weights", "cells.5.conv_a.op.1.weight"],
  ["reduction1.second.mean", "cells.5.conv_b.op.2.running_mean"],
  ["reduction1.shortcut.weights", "cells.5.downsample.1.weight"],
  ["stage1.cell0.edge0.beta", "cells.6.layers.0.op.2.bias"],
  ["reduction2.first.variance", "cells.11.conv_a.op.2.running_var"],
  ["stage2.cell4.edge3.weights", "cells.16.layers.3.op.1.weight"],
  ["last.gamma", "lastact.0.weight"],
  ["last.mean", "lastact.0.running_mean"],
  ["head.weights", "classifier.weight"],
  ["head.bias", "classifier.bias"],
])("%s is %s in the authors' network", (own, theirs) => {
  expect(stateDictName(own, 5)).toBe(theirs);
});

describe("weights of this project", () => {
  test.each([19, 8, 1462, 29])(
    "of architecture %i, saved and loaded, give the same logits to the last bit",
    (architecture) => {
      let before = new Float32Array();
      let saved = new Uint8Array() as Uint8Array;
      // 29 is trained as 19, the representative of its class.
      const trained = architecture === 29 ? 19 : architecture;
      trainTrial(wasm, toyImages(), toyRecipe(), trained, 1, undefined, (network) => {
        before = logitsOf(wasm, network, images) as Float32Array<ArrayBuffer>;
        saved = encodeNpz(networkArrays(network));
      });
      const arrays = decodeNpz(saved, "w.npz");
      expect(before).toHaveLength(15);
      expect(logits(wasm, arrays, architecture)).toEqual(before);
      const byStock = logits(stock, arrays, architecture);
      expect(difference(before, byStock)).toBeLessThan(1e-5);
    },
  );

  test("of a cell without weights do not tell how many cells there are", () => {
    const network = new Network(wasm, SHAPE, trainedEdges(ALL_SKIP), 1);
    const arrays = networkArrays(network);
    network.dispose();
    const { code, message, details } = faultOf(arrays, ALL_SKIP);
    expect(code).toBe("NAS_WEIGHTS");
    expect(message).toContain("the file does not tell how many");
    expect(details.next).toContain("--cells");
    const known = { architecture: ALL_SKIP, imageSize: 8, cells: 2 };
    const loaded = loadNetwork(wasm, { file: "w.npz", arrays }, known);
    expect(loaded.shape).toEqual(SHAPE);
    loaded.dispose();
  });

  test("of a training that diverged are refused", () => {
    let arrays = new Map<string, NpyArray>();
    trainTrial(wasm, toyImages(), DIVERGING_RECIPE, 1462, 1, undefined, (network) => {
      arrays = networkArrays(network);
    });
    expect(faultOf(arrays, 1462).message).toContain("stem.weights holds NaN");
  });
});

describe("a state dict of the authors' network", () => {
  test.each([MIXED, CONSTANTS, ALL_SKIP, parseArchitecture("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|")])(
    "of architecture %i gives the same logits on both implementations",
    (architecture) => {
      const [own, reference] = [wasm, stock].map((each) => logits(each, stateDict(architecture), architecture));
      const scale = Math.max(1, ...reference!.map(Math.abs));
      expect(difference(own!, reference!) / scale).toBeLessThan(1e-5);
    },
  );

  test("has edges behind a node of zeros, whose constants reach the output", () => {
    const arrays = stateDict(CONSTANTS);
    const before = logits(wasm, arrays, CONSTANTS);
    const { shape, values } = arrays.get("cells.0.layers.4.op.2.bias")!;
    arrays.set("cells.0.layers.4.op.2.bias", { shape, values: (values as Float32Array).map((shift) => shift + 1) });
    expect(logits(wasm, arrays, CONSTANTS)).not.toEqual(before);
  });

  test("answers to an image whatever others there are, in batches of any size", () => {
    const network = loadNetwork(
      wasm,
      { file: "w.npz", arrays: stateDict(MIXED) },
      { architecture: MIXED, imageSize: 8, cells: null },
    );
    const many = randomImages(SHAPE, 130);
    const all = logitsOf(wasm, network, many);
    const last = { shape: [1, 8, 8, 1] as const, pixels: many.pixels.subarray(129 * 64) };
    const alone = logitsOf(wasm, network, last);
    expect(difference(alone, all.subarray(129 * 3))).toBeLessThan(1e-5);
    network.dispose();
  });

  test("leaves nothing of itself in the backend's memory", () => {
    const before = tf.memory().numTensors;
    logits(wasm, stateDict(MIXED), MIXED);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("weights are refused", () => {
  const changed = (change: (arrays: Map<string, NpyArray>) => void, architecture = MIXED) => {
    const arrays = stateDict(architecture);
    change(arrays);
    return arrays;
  };

  test("if arrays are missing, with their names", () => {
    const error = faultOf(changed((arrays) => arrays.delete("cells.1.layers.2.op.2.running_mean")));
    expect(error.code).toBe("NAS_WEIGHTS");
    expect(error.message).toContain("are missing: cells.1.layers.2.op.2.running_mean");
    expect(error.details.where).toBe("w.npz");
  });

  test("if they are those of another architecture", () => {
    const more = faultOf(stateDict(MIXED), ALL_SKIP);
    expect(more.message).toMatch(/there are arrays that architecture \d+ .* does not have: cells\.0\.layers\.0/);
    const fewer = faultOf(stateDict(ALL_SKIP), MIXED);
    expect(fewer.message).toMatch(/are missing: cells\.0\.layers\.0\.op\.1\.weight, .*, and \d+ more$/);
  });

  test("if a 1x1 convolution stands where a 3x3 one should", () => {
    const other = parseArchitecture("|nor_conv_1x1~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|avg_pool_3x3~1|none~2|");
    const error = faultOf(stateDict(other), MIXED);
    expect(error.message).toContain(
      "cells.0.layers.0.op.1.weight has the shape [8,8,1,1]; the network needs [8,8,3,3]",
    );
  });

  test.each<[string, number, string]>([
    ["lastact.0.weight", Number.NaN, "holds NaN"],
    ["classifier.bias", Infinity, "holds Infinity"],
    ["stem.1.running_var", -0.5, "holds a negative variance"],
  ])("if %s holds %d", (name, value, what) => {
    const arrays = changed((own) => {
      (own.get(name)!.values as Float32Array)[1] = value;
    });
    expect(faultOf(arrays).message).toContain(`${name} ${what}`);
  });

  test("if an array holds integers", () => {
    const arrays = changed((own) => own.set("classifier.bias", { shape: [3], values: BigInt64Array.of(1n, 2n, 3n) }));
    expect(faultOf(arrays).message).toContain("classifier.bias holds integers");
  });

  test("if the reductions stand where no network has them", () => {
    const arrays = changed((own) => {
      own.set("cells.9.conv_a.op.1.weight", own.get("cells.2.conv_a.op.1.weight")!);
      own.delete("cells.2.conv_a.op.1.weight");
    });
    expect(faultOf(arrays).message).toContain("no weights of a NAS-Bench-201 network");
  });

  test.each<[string, ReadonlyMap<string, NpyArray>]>([
    ["of nothing", new Map()],
    ["of another network", new Map([["conv1.weight", { shape: [1], values: Float32Array.of(1) }]])],
  ])("if they are %s", (_title, arrays) => {
    expect(faultOf(arrays).message).toContain("no weights of a NAS-Bench-201 network");
  });

  test("if there would be more cells than memory", () => {
    const arrays = new Map<string, NpyArray>([
      ["stem.0.weight", { shape: [8, 1, 3, 3], values: new Float32Array(72) }],
      ["cells.4999.conv_a.op.1.weight", { shape: [0], values: new Float32Array() }],
      ["cells.9999.conv_a.op.1.weight", { shape: [0], values: new Float32Array() }],
    ]);
    expect(faultOf(arrays).message).toContain("4999 cells a stage");
    const wide = new Map<string, NpyArray>([
      ["stem.weights", { shape: [1 << 24, 1, 3, 3], values: new Float32Array() }],
      ["stage0.cell0.edge0.weights", { shape: [0], values: new Float32Array() }],
    ]);
    expect(faultOf(wide).message).toContain("are missing");
  });

  test("for images of other channels or classes", () => {
    const weights = { file: "w.npz", arrays: stateDict(MIXED) };
    const network = loadNetwork(wasm, weights, { architecture: MIXED, imageSize: 8, cells: null });
    requireImages(weights, network, { channels: 1, classes: 3 });
    const of = (channels: number, classes?: number) =>
      harnessErrorOf(() =>
        requireImages(weights, network, classes === undefined ? { channels } : { channels, classes }),
      );
    expect(of(3).message).toContain("takes images of 1 channels; these have 3");
    expect(of(1, 10).message).toContain("tells 3 classes apart; the images have 10");
    network.dispose();
  });
});

test("numbers in double precision are taken", () => {
  const arrays = stateDict(MIXED);
  const doubles = new Map<string, NpyArray>(arrays);
  for (const [name, { shape, values }] of arrays)
    if (values instanceof Float32Array) doubles.set(name, { shape, values: Float64Array.from(values) });
  expect(logits(wasm, doubles, MIXED)).toEqual(logits(wasm, arrays, MIXED));
});
