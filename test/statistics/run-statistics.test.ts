import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnStatistics, meanAndStd } from "../../core/statistics/run-statistics.ts";

const SEED = "0123456789abcdef0123456789abcdef";
const percents = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });

describe("mean and standard deviation", () => {
  test("are those of the whole list, not of a sample (ddof 0)", () => {
    const { mean, std } = meanAndStd([1, 2, 3, 4]);
    expect(mean).toBe(2.5);
    expect(std).toBeCloseTo(Math.sqrt(1.25), 12);
  });

  test("of equal values are exactly that value and exactly zero", () => {
    expect(meanAndStd(Array(500).fill(39.77))).toEqual({ mean: 39.77, std: 0 });
  });

  test("of one value are that value and zero", () => {
    expect(meanAndStd([91.5])).toEqual({ mean: 91.5, std: 0 });
  });

  test("lie within the values and depend on no order", () => {
    fc.assert(
      fc.property(percents, fc.infiniteStream(fc.nat()), (values, order) => {
        const { mean, std } = meanAndStd(values);
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        expect(std).toBeGreaterThanOrEqual(0);
        expect(std).toBeLessThanOrEqual((Math.max(...values) - Math.min(...values)) / 2 + 1e-9);
        const keyed = values.map((value) => ({ value, key: order.next().value }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
        expect(meanAndStd(shuffled).mean).toBeCloseTo(mean, 9);
        expect(meanAndStd(shuffled).std).toBeCloseTo(std, 6);
      }),
    );
  });

  test("move with the values: shifted means, unchanged deviations", () => {
    fc.assert(
      fc.property(percents, fc.double({ min: -50, max: 50, noNaN: true }), (values, shift) => {
        const before = meanAndStd(values);
        const after = meanAndStd(values.map((value) => value + shift));
        expect(after.mean).toBeCloseTo(before.mean + shift, 9);
        expect(after.std).toBeCloseTo(before.std, 6);
      }),
    );
  });
});

describe("column statistics", () => {
  test("name every column and put the mean inside its interval", () => {
    fc.assert(
      fc.property(percents, (values) => {
        const columns = new Map([
          ["a", values],
          ["b", values.map((value) => 100 - value)],
        ]);
        const statistics = columnStatistics(columns, SEED);
        expect([...statistics.keys()]).toEqual(["a", "b"]);
        for (const { mean, low, high } of statistics.values()) {
          expect(low).toBeLessThanOrEqual(mean + 1e-9);
          expect(high).toBeGreaterThanOrEqual(mean - 1e-9);
        }
      }),
      { numRuns: 20 },
    );
  });
});
