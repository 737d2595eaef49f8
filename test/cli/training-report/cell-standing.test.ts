import { expect, test } from "vitest";
import { CellStanding } from "../../../core/cli/training-report/cell-standing.ts";

const STANDING = new CellStanding([10, 30, 20, 20]);

test("an answer beats what is lower, not what is equal", () => {
  expect([5, 10, 15, 20, 25, 30, 31].map((value) => STANDING.shareBeaten(value))).toEqual([
    0, 0, 0.25, 0.25, 0.75, 0.75, 1,
  ]);
});

test("a mean read twice does not beat itself by rounding", () => {
  const sum = new CellStanding([0.1 + 0.2, 0.5]);
  expect(sum.shareBeaten(0.3)).toBe(0);
  expect(new CellStanding([0.3]).shareBeaten(0.1 + 0.2)).toBe(0);
});

test("mean, deviation and the best cells, of equals the first", () => {
  expect(STANDING.mean).toBe(20);
  expect(STANDING.deviation).toBeCloseTo(Math.sqrt(50), 12);
  expect(STANDING.best(3)).toEqual([1, 2, 3]);
  expect(STANDING.valueOf(1)).toBe(30);
});
