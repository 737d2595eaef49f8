import fc from "fast-check";
import { expect, test } from "vitest";
import { compareAll, DISTINCTION_LEVEL } from "../../core/statistics/distinction.ts";

const SAMPLES = [
  [93.1, 93.4, 93.2, 93.9, 94.0, 93.7, 93.6, 93.8, 94.1, 93.5],
  [93.2, 93.3, 93.4, 93.8, 93.9, 93.6, 93.5, 93.7, 94.0, 93.1],
  [92.1, 92.0, 92.5, 92.9, 93.0, 92.2, 92.8, 92.4, 92.6, 93.3],
  [92.9, 91.0, 92.5, 92.7, 90.9, 93.2, 92.1, 92.0, 92.3, 90.8],
];

/**
 * scipy 1.17.1: p = [mannwhitneyu(S[a], S[b], method="asymptotic").pvalue for a, b in combinations(range(4), 2)], then
 * Holm's step-down by hand: sort, multiply the k-th smallest (from 0) by 6 - k, running maximum, at most 1.
 */
const ADJUSTED: readonly [number, number, number][] = [
  [0, 1, 0.5954535955806497],
  [0, 2, 0.0017016885696103689],
  [0, 3, 0.0017016885696103689],
  [1, 2, 0.0017016885696103689],
  [1, 3, 0.0017016885696103689],
  [2, 3, 0.37042891632343355],
];

test.each(ADJUSTED)("as scipy's with Holm's adjustment: samples %i and %i", (first, second, p) => {
  const comparisons = compareAll(SAMPLES);
  expect(comparisons.p(first, second)).toBeCloseTo(p, 12);
  expect(comparisons.p(second, first)).toBe(comparisons.p(first, second));
});

test("ranks and groups say what is left open", () => {
  const { order, ranks, groups } = compareAll(SAMPLES);
  expect(order).toEqual([0, 1, 2, 3]);
  expect(ranks).toEqual([
    [1, 2],
    [1, 2],
    [3, 4],
    [3, 4],
  ]);
  expect(groups).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test("groups may overlap: the middle one is told apart from neither end", () => {
  const around = (center: number) => Array.from({ length: 12 }, (_, at) => center + (at - 5.5));
  const { groups, ranks } = compareAll([around(0), around(3), around(6)]);
  expect(groups).toEqual([
    [2, 1],
    [1, 0],
  ]);
  expect(ranks).toEqual([
    [2, 3],
    [1, 3],
    [1, 2],
  ]);
});

test("a single sample has rank 1 and no group", () => {
  expect(compareAll([[1, 2, 3]])).toMatchObject({ order: [0], ranks: [[1, 1]], groups: [] });
});

test("an empty sample and a NaN are refused", () => {
  expect(() => compareAll([[1], []])).toThrow(RangeError);
  expect(() => compareAll([[1], [Number.NaN]])).toThrow(RangeError);
});

const sample = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 15 });

test("identical samples are never told apart", () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: 2, max: 5 }), (values, count) => {
      const { groups, ranks, p } = compareAll(Array.from({ length: count }, () => values));
      expect(groups).toEqual([Array.from({ length: count }, (_, at) => at)]);
      for (const range of ranks) expect(range).toEqual([1, count]);
      expect(p(0, 1)).toBeGreaterThanOrEqual(DISTINCTION_LEVEL);
    }),
  );
});

test("permuting the samples permutes ranks and p-values, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 2, maxLength: 6 }), fc.nat(), (samples, turn) => {
      const count = samples.length;
      const from = samples.map((_, at) => (at + turn) % count);
      const [before, after] = [compareAll(samples), compareAll(from.map((at) => samples[at]!))];
      from.forEach((old, now) => {
        expect(after.ranks[now]).toEqual(before.ranks[old]);
        from.forEach((other, at) => {
          expect(after.p(now, at)).toBeCloseTo(before.p(old, other), 12);
        });
      });
    }),
  );
});

test("permuting the values of a sample changes nothing", () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 2, maxLength: 5 }), (samples) => {
      const turned = compareAll(samples.map((values) => [...values].reverse()));
      expect(turned.ranks).toEqual(compareAll(samples).ranks);
    }),
  );
});

test("a rank range holds at least one rank, and members of a group overlap in theirs", () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 2, maxLength: 8 }), (samples) => {
      const { ranks, groups } = compareAll(samples);
      for (const [best, worst] of ranks) {
        expect(best).toBeGreaterThanOrEqual(1);
        expect(worst).toBeLessThanOrEqual(samples.length);
        expect(best).toBeLessThanOrEqual(worst);
      }
      for (const group of groups) expect(group.length).toBeGreaterThan(1);
    }),
  );
});
