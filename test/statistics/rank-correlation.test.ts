import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kendallTauB, rankCorrelation, spearmanRho, topPositions } from "../../core/statistics/rank-correlation.ts";

/** Kendall's tau-b by comparing every pair. */
function naiveKendall(x: readonly number[], y: readonly number[]): number | null {
  let score = 0;
  let untiedFirst = 0;
  let untiedSecond = 0;
  for (let a = 0; a < x.length; a++) {
    for (let b = 0; b < a; b++) {
      const first = Math.sign((x[a] as number) - (x[b] as number));
      const second = Math.sign((y[a] as number) - (y[b] as number));
      score += first * second;
      untiedFirst += Math.abs(first);
      untiedSecond += Math.abs(second);
    }
  }
  return untiedFirst === 0 || untiedSecond === 0 ? null : score / Math.sqrt(untiedFirst * untiedSecond);
}

/** Spearman's rho by counting, for each value, the smaller and the equal ones. */
function naiveSpearman(x: readonly number[], y: readonly number[]): number | null {
  const ranks = (values: readonly number[]) =>
    values.map((value) => {
      const smaller = values.filter((other) => other < value).length;
      return smaller + (values.filter((other) => other === value).length + 1) / 2;
    });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [first, second] = [ranks(x), ranks(y)];
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + (value - mean(a)) * ((b[at] as number) - mean(b)), 0);
  const scale = Math.sqrt(product(first, first) * product(second, second));
  return scale === 0 ? null : product(first, second) / scale;
}

/** Pairs of variables with many ties (few distinct values) or hardly any. */
const variables = fc.oneof(
  fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -2, max: 2 })), { maxLength: 60 }),
  fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })), { maxLength: 60 }),
);

function split(pairs: readonly (readonly [number, number])[]): [number[], number[]] {
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

function expectClose(actual: number | null, expected: number | null): void {
  if (expected === null || actual === null) expect(actual).toBe(expected);
  else expect(actual).toBeCloseTo(expected, 10);
}

describe("Kendall's tau-b", () => {
  test("equals the comparison of every pair, ties and all", () => {
    fc.assert(
      fc.property(variables, (pairs) => {
        const [x, y] = split(pairs);
        expectClose(kendallTauB(x, y), naiveKendall(x, y));
      }),
    );
  });

  test("a hand-computed case with ties in both variables", () => {
    // 6 pairs: 4 concordant, 1 tied in x only, 1 tied in y only: 4 / sqrt(5 * 5).
    expect(kendallTauB([1, 1, 2, 3], [1, 2, 2, 3])).toBeCloseTo(4 / 5, 12);
    // 3 concordant, 1 discordant, 1 tied in x only, 1 tied in y only.
    expect(kendallTauB([1, 2, 2, 3], [1, 3, 2, 2])).toBeCloseTo(2 / 5, 12);
  });

  test("one variable against its monotone image, and against its reverse", () => {
    expect(kendallTauB([3, 1, 2], [9, 1, 4])).toBe(1);
    expect(kendallTauB([3, 1, 2], [-9, -1, -4])).toBe(-1);
  });

  test("15,625 values take a moment, not minutes", () => {
    const x = Float64Array.from({ length: 15_625 }, (_, at) => (at * 7919) % 15_625);
    const reversed = x.map((value) => -value);
    expect(kendallTauB(x, reversed)).toBeCloseTo(-1, 12);
  });
});

describe("Spearman's rho", () => {
  test("equals Pearson's correlation of average ranks", () => {
    fc.assert(
      fc.property(variables, (pairs) => {
        const [x, y] = split(pairs);
        expectClose(spearmanRho(x, y), naiveSpearman(x, y));
      }),
    );
  });

  test("a hand-computed case: ranks 1 2.5 2.5 4 and 1 4 2.5 2.5", () => {
    expect(spearmanRho([1, 2, 2, 3], [1, 3, 2, 2])).toBeCloseTo(2.25 / 4.5, 12);
  });
});

test("constant variables and single items have no correlation", () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toEqual({ n: 3, kendall: null, spearman: null });
  expect(rankCorrelation([1], [1])).toEqual({ n: 1, kendall: null, spearman: null });
  expect(rankCorrelation([], [])).toEqual({ n: 0, kendall: null, spearman: null });
});

test("unequal lengths and NaN are refused", () => {
  expect(() => kendallTauB([1, 2], [1])).toThrow(RangeError);
  expect(() => spearmanRho([1, Number.NaN], [1, 2])).toThrow(RangeError);
});

test("the top positions are the largest values', of equal ones the first", () => {
  expect(topPositions([5, 9, 7, 9, 7], 3)).toEqual([1, 2, 3]);
  expect(topPositions([5, 9], 0)).toEqual([]);
});
