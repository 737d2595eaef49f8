import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { bootstrapIntervals } from "../../core/statistics/bootstrap.ts";

const SEED = "0123456789abcdef0123456789abcdef";
const OTHER_SEED = "fedcba9876543210fedcba9876543210";

/** Normally distributed values around 90. */
function normalValues(count: number): number[] {
  const random = new Random(OTHER_SEED);
  return Array.from({ length: count }, () => 90 + 0.5 * random.normal());
}

describe("a bootstrap interval", () => {
  test("of equal values is that value at both ends, exactly", () => {
    expect(bootstrapIntervals([Array(500).fill(39.77)], SEED)).toEqual([{ low: 39.77, high: 39.77 }]);
  });

  test("of one run is its value", () => {
    expect(bootstrapIntervals([[93.9]], SEED)).toEqual([{ low: 93.9, high: 93.9 }]);
  });

  test("of two runs reaches from one to the other: a quarter of the resamples holds only one of them", () => {
    expect(bootstrapIntervals([[1, 3]], SEED)).toEqual([{ low: 1, high: 3 }]);
  });

  test("is as wide as theory has it for normal values: 1.96 standard errors either way", () => {
    const values = normalValues(500);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const [interval] = bootstrapIntervals([values], SEED);
    const expected = (1.96 * 0.5) / Math.sqrt(500);
    expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / 2 / expected).toBeGreaterThan(0.9);
    expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / 2 / expected).toBeLessThan(1.1);
    expect(Math.abs(((interval?.high ?? 0) + (interval?.low ?? 0)) / 2 - mean)).toBeLessThan(0.1 * expected);
  });

  test("is the same for the same values and seed, and another for another seed", () => {
    const values = normalValues(40);
    expect(bootstrapIntervals([values], SEED)).toEqual(bootstrapIntervals([values], SEED));
    expect(bootstrapIntervals([values], SEED)).not.toEqual(bootstrapIntervals([values], OTHER_SEED));
  });

  test("is the same to the last bit on any machine", () => {
    expect(bootstrapIntervals([[90.1, 91.7, 89.4, 90.9, 92.3, 90.6, 88.8]], SEED)).toEqual([
      { low: 89.7, high: 91.37142857142857 },
    ]);
  });

  test("draws runs whole: a column that is another one shifted has the shifted interval", () => {
    const values = normalValues(30);
    const [first, second] = bootstrapIntervals([values, values.map((value) => value + 2)], SEED);
    expect(second?.low).toBeCloseTo((first?.low ?? 0) + 2, 10);
    expect(second?.high).toBeCloseTo((first?.high ?? 0) + 2, 10);
  });

  test("stays within the values", () => {
    const lists = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lists, (values) => {
        const [interval] = bootstrapIntervals([values], SEED);
        const { low, high } = interval ?? { low: Number.NaN, high: Number.NaN };
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
      { numRuns: 20 },
    );
  });

  test("needs a run", () => {
    expect(() => bootstrapIntervals([[]], SEED)).toThrow(RangeError);
    expect(() => bootstrapIntervals([], SEED)).toThrow(RangeError);
  });
});
