import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { noiseShare, varianceComponents } from "../../core/statistics/variance-components.ts";

test("the example of Shrout and Fleiss (1979, table 2): ICC(1,1) is .17 and ICC(1,4) .44", () => {
  const components = varianceComponents([
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ]);
  expect(components).toMatchObject({ groups: 6, perGroup: 4 });
  // Printed there: mean square within targets 6.26, between targets 11.24.
  expect(components.within).toBeCloseTo(6.26, 2);
  expect(4 * components.between + components.within).toBeCloseTo(11.24, 2);
  expect(1 - noiseShare(components, 1)!).toBeCloseTo(0.17, 2);
  expect(1 - noiseShare(components, 4)!).toBeCloseTo(0.44, 2);
});

test("by hand: three groups of two", () => {
  // Means 2, 5, 8 with variance 9; squares within 2, 0, 2 over three degrees of freedom.
  const { within, between } = varianceComponents([
    [1, 3],
    [5, 5],
    [7, 9],
  ]);
  expect(within).toBeCloseTo(4 / 3, 12);
  expect(between).toBeCloseTo(9 - 2 / 3, 12);
});

describe("without noise or without groups", () => {
  test("equal values in each group leave nothing to noise", () => {
    const components = varianceComponents([
      [0.1, 0.1, 0.1],
      [0.7, 0.7, 0.7],
    ]);
    expect(components.within).toBe(0);
    expect(noiseShare(components, 1)).toBe(0);
  });

  test("groups with equal means are all noise, and the estimate is below 0", () => {
    const components = varianceComponents([
      [1, 5],
      [5, 1],
      [3, 3],
    ]);
    expect(components.between).toBeCloseTo(-components.within / 2, 12);
    expect(noiseShare(components, 1)).toBe(1);
    expect(noiseShare(components, 2)).toBe(1);
  });

  test("nothing that varies has no share", () => {
    expect(
      noiseShare(
        varianceComponents([
          [2, 2],
          [2, 2],
        ]),
        1,
      ),
    ).toBeNull();
  });
});

test("finds the variances that made the values, on average over many tables", () => {
  const random = new Random("0123456789abcdef0123456789abcdef");
  const estimates = Array.from({ length: 400 }, () =>
    varianceComponents(
      Array.from({ length: 20 }, () => {
        const effect = 2 * random.normal();
        return Array.from({ length: 3 }, () => 80 + effect + random.normal());
      }),
    ),
  );
  const mean = (of: "within" | "between") => estimates.reduce((sum, own) => sum + own[of], 0) / estimates.length;
  // Standard errors of these means: 0.011 and 0.07.
  expect(Math.abs(mean("within") - 1)).toBeLessThan(0.05);
  expect(Math.abs(mean("between") - 4)).toBeLessThan(0.3);
});

test("shifting all values changes nothing, scaling them scales both", () => {
  const tables = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 2,
  });
  fc.assert(
    fc.property(tables, (values) => {
      const { within, between } = varianceComponents(values);
      const shifted = varianceComponents(values.map((own) => own.map((value) => 3 * value + 64)));
      expect(shifted.within).toBeCloseTo(9 * within, 6);
      expect(shifted.between).toBeCloseTo(9 * between, 6);
    }),
  );
});

test.each([[[[1, 2]]], [[[1], [2]]], [[[1, 2], [3]]], [[]]])("refuses %j", (values) => {
  expect(() => varianceComponents(values as number[][])).toThrow(RangeError);
});
