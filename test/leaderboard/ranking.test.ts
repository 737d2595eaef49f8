import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Accuracy } from "../../leaderboard/generator/leaderboard.ts";
import { intervalRanks, rankingColumn } from "../../leaderboard/generator/ranking.ts";
import { columnsOf } from "../../leaderboard/generator/sections.ts";

function figure(mean: number, halfWidth: number): Accuracy {
  return { mean, std: 1, low: mean - halfWidth, high: mean + halfWidth, architecture: null };
}

describe("ranks by intervals", () => {
  test("count the rows whose whole interval lies above", () => {
    expect(intervalRanks([figure(94, 0.1), figure(93.9, 0.1), figure(93.5, 0.1), figure(93, 0.1)])).toEqual([
      1, 1, 3, 4,
    ]);
  });

  test("are missing where there is no figure, and no such row counts", () => {
    expect(intervalRanks([null, figure(90, 1), null])).toEqual([null, 1, null]);
  });

  test("of figures that all overlap are all 1; the best figure always has rank 1", () => {
    const figures = fc.array(
      fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(figures, (pairs) => {
        const list = pairs.map(([mean, width]) => figure(mean, width));
        const ranks = intervalRanks(list);
        const best = list.reduce((top, entry, at) => (entry.mean > (list[top] as Accuracy).mean ? at : top), 0);
        expect(ranks[best]).toBe(1);
        for (const rank of ranks) expect(rank).toBeLessThanOrEqual(list.length);
        expect(intervalRanks(list.map(({ mean }) => figure(mean, 200)))).toEqual(list.map(() => 1));
      }),
    );
  });

  test("go by the first test column, else by the first one", () => {
    expect(rankingColumn(columnsOf(["cifar10.valid", "cifar10.test", "cifar100.test"]))).toBe("cifar10.test");
    expect(rankingColumn(columnsOf(["cifar10.valid"]))).toBe("cifar10.valid");
    expect(rankingColumn([])).toBeNull();
  });
});
