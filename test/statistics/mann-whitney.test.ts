import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mannWhitney } from "../../core/statistics/mann-whitney.ts";

/**
 * scipy 1.17.1, for each pair of lists:
 * python3 -c "from scipy.stats import mannwhitneyu as t; r = t(x, y, method='asymptotic'); print(r.statistic, r.pvalue)"
 */
const SCIPY: readonly [string, number[], number[], number, number][] = [
  ["few values", [1.1, 2.2, 3.3, 4.4], [0.5, 1.5, 2.5], 9, 0.376759117811582],
  ["ties", [5, 5, 7, 8, 8, 8, 9, 3], [5, 6, 6, 8, 2, 2, 1], 42.5, 0.10020951184501455],
  [
    "accuracies that often repeat",
    [91.2, 90.8, 91.2, 91.5, 91.2, 90.1, 91.2, 91.5, 90.9, 91.2],
    [90.8, 90.1, 91.2, 89.9, 90.8, 90.3, 91.0, 90.8, 90.1, 90.5, 91.2, 90.7],
    97.5,
    0.01276951305885637,
  ],
  ["all equal", [1, 1, 1], [1, 1], 3, 1],
  ["the same values", [1, 2, 3], [3, 2, 1], 4.5, 1],
  ["no overlap", [10, 11, 12, 13, 14, 15, 16, 17, 18, 19], [1, 2, 3, 4, 5, 6, 7, 8, 9], 90, 0.0002797002701866865],
];

test.each(SCIPY)("as scipy's: %s", (_, x, y, u, p) => {
  const result = mannWhitney(x, y);
  expect(result.u).toBe(u);
  expect(result.p).toBeCloseTo(p, 13);
  expect(result.superiority).toBe(u / (x.length * y.length));
});

test.each(SCIPY)("twice the smaller one-sided p-value is the two-sided one: %s", (_, x, y) => {
  const smaller = Math.min(mannWhitney(x, y).pLower, mannWhitney(y, x).pLower);
  expect(mannWhitney(x, y).p).toBeCloseTo(Math.min(1, 2 * smaller), 13);
});

test("only lower values are lower", () => {
  const low = [1, 2, 3, 4, 5, 6, 7, 8];
  const high = low.map((value) => value + 100);
  expect(mannWhitney(low, high).pLower).toBeLessThan(0.001);
  expect(mannWhitney(high, low).pLower).toBeGreaterThan(0.999);
});

test("as scipy's: five hundred runs of each, most values several times", () => {
  // x = [i * 7919 % 1009 // 10 for i in range(500)]; y = [i * 6007 % 1013 // 10 + 3 for i in range(500)]
  const x = Array.from({ length: 500 }, (_, at) => Math.floor(((at * 7919) % 1009) / 10));
  const y = Array.from({ length: 500 }, (_, at) => Math.floor(((at * 6007) % 1013) / 10) + 3);
  const { u, p } = mannWhitney(x, y);
  expect(u).toBe(117760.5);
  expect(p).toBeCloseTo(0.11290498495084857, 13);
});

test("by hand: six tortoises and six hares arrive in the order THHHHHTTTTTH", () => {
  const places = (animal: string) => [..."THHHHHTTTTTH"].flatMap((own, at) => (own === animal ? [-at] : []));
  // The first tortoise is before six hares, each of the others before one.
  expect(mannWhitney(places("T"), places("H")).u).toBe(11);
  expect(mannWhitney(places("H"), places("T")).u).toBe(25);
});

/** All ways to choose `count` of the numbers from `from` to 15. */
function choices(count: number, from = 0): number[][] {
  if (count === 0) return [[]];
  return Array.from({ length: 16 - from }, (_, at) => from + at).flatMap((first) =>
    choices(count - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

test("for eight values of each the approximation is close to the exact p-value, over all 12,870 samples", () => {
  const us = choices(8).map((chosen) => chosen.reduce((sum, rank) => sum + rank, 0) - 28);
  expect(us).toHaveLength(12_870);
  for (const sample of [
    choices(8)[0]!,
    [0, 2, 4, 6, 8, 10, 12, 14],
    [0, 1, 2, 3, 5, 7, 9, 12],
    [4, 7, 8, 9, 11, 12, 14, 15],
  ]) {
    const others = Array.from({ length: 16 }, (_, at) => at).filter((rank) => !sample.includes(rank));
    const { u, p } = mannWhitney(sample, others);
    const exact = us.filter((other) => Math.abs(other - 32) >= Math.abs(u - 32)).length / us.length;
    expect(Math.abs(p - exact)).toBeLessThan(0.01);
  }
});

const samples = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 }),
  fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 40 }),
);

describe("for any two samples", () => {
  test("U counts pairs, ties a half", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const pairs: number[] = x.flatMap((a) => y.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        expect(mannWhitney(x, y).u).toBe(pairs.reduce((sum, own) => sum + own, 0));
      }),
    );
  });

  test("the order of the samples decides nothing but the direction", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const [one, other] = [mannWhitney(x, y), mannWhitney(y, x)];
        expect(other.p).toBe(one.p);
        expect(other.u).toBe(x.length * y.length - one.u);
      }),
    );
  });

  test("the order of the values decides nothing", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        expect(mannWhitney([...x].reverse(), y.toSorted())).toEqual(mannWhitney(x, y));
      }),
    );
  });

  test("p is a probability, and 1 for a sample and itself", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const { p } = mannWhitney(x, y);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mannWhitney(x, x)).toMatchObject({ p: 1, superiority: 0.5 });
      }),
    );
  });
});

test("an empty sample and NaN are refused", () => {
  expect(() => mannWhitney([], [1])).toThrow(RangeError);
  expect(() => mannWhitney([1], [])).toThrow(RangeError);
  expect(() => mannWhitney([1, Number.NaN], [1])).toThrow(RangeError);
});
