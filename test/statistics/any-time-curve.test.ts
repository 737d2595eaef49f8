import fc from "fast-check";
import { expect, test } from "vitest";
import { curveTimes, quantileCurve, quantileOf, type RegretStep } from "../../core/statistics/any-time-curve.ts";

/** numpy 2.4.6: python3 -c "import numpy as n; print([float(n.quantile([.1,.2,.4,.8,1.6,3.2], q)) for q in (0,.25,.5,.75,.9,1)])" */
test("quantiles as numpy's", () => {
  const values = Float64Array.of(0.1, 0.2, 0.4, 0.8, 1.6, 3.2);
  const expected = [0.1, 0.25, 0.6, 1.4, 2.4, 3.2];
  [0, 0.25, 0.5, 0.75, 0.9, 1].forEach((share, at) => {
    expect(quantileOf(values, share)).toBeCloseTo(expected[at]!, 14);
  });
  expect(quantileOf(Float64Array.of(7), 0.5)).toBe(7);
});

test("a curve holds each run's incumbent until it is replaced", () => {
  const runs: RegretStep[][] = [
    [
      [10, 5],
      [30, 1],
    ],
    [[20, 4]],
    [
      [10, 3],
      [40, 0],
    ],
  ];
  const curve = quantileCurve(runs, [5, 10, 20, 29, 30, 40]);
  expect(curve.median).toEqual([null, null, 4, 4, 3, 1]);
  expect(curve.low).toEqual([null, null, 3.5, 3.5, 2, 0.5]);
  expect(curve.high).toEqual([null, null, 4.5, 4.5, 3.5, 2.5]);
});

test("a run without an incumbent leaves every point open", () => {
  expect(quantileCurve([[[1, 1]], []], [1, 2]).median).toEqual([null, null]);
});

test("times go from the first to the last one, once each, and are dense at both ends of a logarithm", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 1e8 }), (first, more) => {
      const times = curveTimes(first, first + more);
      expect(times[0]).toBe(first);
      expect(times.at(-1)).toBe(first + more);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }),
  );
  const early = curveTimes(100, 1_000_000).filter((time) => time <= 10_000);
  expect(early.length).toBeGreaterThan(25);
});

const trajectory = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 100 })), { minLength: 1, maxLength: 6 })
  .map((steps) => [...steps].sort((a, b) => a[0] - b[0]) as RegretStep[]);

test("permuting the runs changes nothing", () => {
  fc.assert(
    fc.property(fc.array(trajectory, { minLength: 2, maxLength: 8 }), (runs) => {
      const times = curveTimes(1, 1000);
      expect(quantileCurve([...runs].reverse(), times)).toEqual(quantileCurve(runs, times));
    }),
  );
});

test("the quarter is never above the median, nor the median above three quarters", () => {
  fc.assert(
    fc.property(fc.array(trajectory, { minLength: 1, maxLength: 8 }), (runs) => {
      const { low, median, high } = quantileCurve(runs, curveTimes(1, 1000));
      median.forEach((middle, at) => {
        if (middle === null) return;
        expect(low[at]).toBeLessThanOrEqual(middle);
        expect(high[at]).toBeGreaterThanOrEqual(middle);
      });
    }),
  );
});
