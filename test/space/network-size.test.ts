import { describe, expect, test } from "vitest";
import { operationsOf, parseArchitecture } from "../../core/space/codec.ts";
import { drawCell } from "../../core/space/drawing.ts";
import { flopsOf, type NetworkInput, parametersOf } from "../../core/space/network-size.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { NAS_BENCH_201_SPACE } from "../../core/space/space.ts";
import { hasSharedData, needsSharedData } from "../helpers/shared-data.ts";
import { wideCsvColumns } from "../helpers/wide-csv.ts";

const CIFAR_10: NetworkInput = { classes: 10, imageSize: 32 };
const CIFAR_100: NetworkInput = { classes: 100, imageSize: 32 };
const IMAGENET: NetworkInput = { classes: 120, imageSize: 16 };

// The official records of architectures 0 and 11, and cells without any convolution.
test.each([
  [0, CIFAR_10, 0.129306e6, 15.64737e6],
  [11, CIFAR_10, 0.802426e6, 113.95137e6],
  [11, CIFAR_100, 0.808276e6, 113.95722e6],
  [11, IMAGENET, 0.809576e6, 28.49548e6],
  [parseArchitecture("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"), CIFAR_10, 0.073306e6, 7.78305e6],
  [parseArchitecture("|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"), CIFAR_10, 0.073306e6, 7.78305e6],
])("architecture %i on %o has %d parameters and %d FLOPs", (architecture, input, parameters, flops) => {
  expect(parametersOf(architecture, input)).toBe(parameters);
  expect(flopsOf(architecture, input)).toBe(flops);
});

test("both are integers and depend only on the numbers of convolutions", () => {
  const sizes = new Map<string, string>();
  for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
    const size = [parametersOf(architecture, IMAGENET), flopsOf(architecture, IMAGENET)];
    if (!size.every(Number.isSafeInteger)) expect.fail(`${architecture}: ${size}`);
    const names = operationsOf(architecture).filter((name) => name.startsWith("nor_conv"));
    const key = names.sort().join();
    const known = sizes.get(key) ?? size.join();
    if (known !== size.join()) expect.fail(`${architecture}: ${size}, another with ${key} has ${known}`);
    sizes.set(key, known);
  }
  // Zero to six convolutions of two kinds.
  expect(sizes.size).toBe(28);
});

test("what is no architecture has no size", () => {
  expect(() => parametersOf(15_625, CIFAR_10)).toThrow("NAS_ARCHITECTURE_INDEX");
  expect(() => flopsOf(-1, CIFAR_10)).toThrow("NAS_ARCHITECTURE_INDEX");
});

describe.skipIf(!hasSharedData)(needsSharedData("sizes of the real data"), () => {
  test("equal the columns of nb201.csv.gz", () => {
    const columns = wideCsvColumns(
      "cifar10_params_m",
      "cifar100_params_m",
      "imagenet16120_params_m",
      "cifar10_flops_m",
      "cifar100_flops_m",
      "imagenet16120_flops_m",
    );
    const inputs = { cifar10: CIFAR_10, cifar100: CIFAR_100, imagenet16120: IMAGENET };
    for (const [dataset, input] of Object.entries(inputs) as [keyof typeof inputs, NetworkInput][]) {
      const parameters = columns[`${dataset}_params_m`].map((cell) => Math.round(Number(cell) * 1e6));
      const flops = columns[`${dataset}_flops_m`].map((cell) => Math.round(Number(cell) * 1e6));
      expect(parameters.map((_, at) => parametersOf(at, input))).toEqual(parameters);
      expect(flops.map((_, at) => flopsOf(at, input))).toEqual(flops);
    }
  });
});

describe("drawing", () => {
  test("shows a row a node and a column an input", () => {
    expect(`\n${drawCell(1)}\n`).toBe(`
          from 0 input    from 1          from 2
to 1      nor_conv_3x3
to 2      nor_conv_3x3    avg_pool_3x3
to 3 out  skip_connect    nor_conv_3x3    skip_connect
`);
  });

  test("puts what is on no path in parentheses, but not none", () => {
    const cell = parseArchitecture("|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|none~2|");
    expect(`\n${drawCell(cell)}\n`).toBe(`
          from 0 input    from 1          from 2
to 1      (nor_conv_3x3)
to 2      none            (avg_pool_3x3)
to 3 out  nor_conv_1x1    none            none
`);
  });

  test("is never wider than 64 characters", () => {
    for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture += 7) {
      for (const line of drawCell(architecture).split("\n")) {
        if (line.length > 64 || line !== line.trimEnd()) expect.fail(`${architecture}: "${line}"`);
      }
    }
  });
});

test("the space that algorithms get is complete and frozen", () => {
  const space = NAS_BENCH_201_SPACE;
  expect(space.size).toBe(15_625);
  expect(space.edges).toHaveLength(6);
  expect(space.operations).toEqual(["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]);
  expect(space.format(space.parse(space.format(space.fromChoices(space.choicesOf(9)))))).toBe(space.format(9));
  expect(space.parametersOf(11, CIFAR_10)).toBe(802_426);
  for (const part of [space, space.edges, space.edges[0], space.operations]) expect(Object.isFrozen(part)).toBe(true);
  expect(() => {
    (space as { size: number }).size = 1;
  }).toThrow(TypeError);
});
