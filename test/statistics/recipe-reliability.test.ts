import { describe, expect, test } from "vitest";
import { MOST_SEEDS, recipeReliability } from "../../core/statistics/recipe-reliability.ts";

describe("two seeds", () => {
  const cells = [
    [60, 62],
    [70, 66],
    [80, 84],
    [65, 71],
  ];

  test("by hand", () => {
    const result = recipeReliability(cells, null);
    // Means 61, 68, 82, 68; deviations from their mean, 69.75: -8.75, -1.75, 12.25, -1.75.
    expect(result).toMatchObject({ cells: 4, seeds: 2, meanAccuracy: 69.75, lowest: 61, highest: 82 });
    expect(result.deviationBetweenCells).toBeCloseTo(Math.sqrt((76.5625 + 3.0625 + 150.0625 + 3.0625) / 4), 12);
    // Unbiased variances 2, 8, 8, 18.
    expect(result.deviationBetweenSeeds).toBeCloseTo(3, 12);
    // Ranks 1, 3, 4, 2 and 1, 2, 4, 3: one of six pairs is turned.
    expect(result.tauBetweenHalves).toBeCloseTo(4 / 6, 12);
    // A tenth of four cells is none, but two are the least that can be ranked: the second and the third agree.
    expect(result.tauAmongTop).toBe(1);
    expect(result.tauWithReference).toBeNull();
  });

  test("the reference is compared with the means over all seeds", () => {
    expect(recipeReliability(cells, [1, 2, 4, 2]).tauWithReference).toBe(1);
    expect(recipeReliability(cells, [4, 2, 1, 2]).tauWithReference).toBe(-1);
    // Among the means 61, 68, 82, 68 one pair is tied; of the other five, four agree and one does not.
    expect(recipeReliability(cells, [1, 2, 4, 5]).tauWithReference).toBeCloseTo(3 / Math.sqrt(5 * 6), 12);
  });

  test("the top is the best tenth of the first half", () => {
    // Of 20 cells the two best by the first seed are 18 and 19, and the second seed turns these around.
    const many = Array.from({ length: 20 }, (_, at) => [at, at < 18 ? at : 100 - at]);
    const { tauAmongTop, tauBetweenHalves } = recipeReliability(many, null);
    expect(tauAmongTop).toBe(-1);
    expect(tauBetweenHalves).toBeCloseTo(188 / 190, 12);
  });
});

test("four seeds: the three ways to halve them are averaged", () => {
  const cells = [
    [1, 2, 3, 4],
    [2, 2, 2, 2],
    [0, 5, 1, 4],
  ];
  // {0, 1} to {2, 3}: 1.5, 2, 2.5 to 3.5, 2, 2.5: -1/3. {0, 2} to {1, 3}: 2, 2, 0.5 to 3, 2, 4.5: one tie, both others turned.
  // {0, 3} to {1, 2}: 2.5, 2, 2 to 2.5, 2, 3: one tie; one agrees, one does not.
  const result = recipeReliability(cells, null);
  expect(result.tauBetweenHalves).toBeCloseTo((-1 / 3 - 2 / Math.sqrt(2 * 3) + 0) / 3, 12);
  expect(result.deviationBetweenSeeds).toBeCloseTo(Math.sqrt((5 / 3 + 0 + 17 / 3) / 3), 12);
});

test("seeds that agree and cells that differ give 1; cells that do not differ give 0", () => {
  const steps = Array.from({ length: 30 }, (_, at) => [at, at, at, at]);
  const perfect = recipeReliability(steps, null);
  expect(perfect).toMatchObject({ tauBetweenHalves: 1, tauAmongTop: 1, deviationBetweenSeeds: 0 });
  const constant = recipeReliability(
    [
      [5, 5],
      [5, 5],
    ],
    null,
  );
  expect(constant).toMatchObject({ tauBetweenHalves: 0, tauAmongTop: 0, deviationBetweenCells: 0 });
});

describe("what can't be measured is refused", () => {
  test.each<[string, number[][]]>([
    [
      "an odd number of seeds",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ["one seed", [[1], [2]]],
    ["no seeds", [[], []]],
    ["one cell", [[1, 2]]],
    ["nothing", []],
    [
      "cells with different numbers of seeds",
      [
        [1, 2],
        [1, 2, 3, 4],
      ],
    ],
    ["more seeds than can be halved in all ways", [0, 1].map(() => Array(MOST_SEEDS + 2).fill(1))],
  ])("%s", (_, accuracies) => {
    expect(() => recipeReliability(accuracies, null)).toThrow(RangeError);
  });

  test("a reference of other cells", () => {
    expect(() =>
      recipeReliability(
        [
          [1, 2],
          [3, 4],
        ],
        [1, 2, 3],
      ),
    ).toThrow(RangeError);
  });
});
