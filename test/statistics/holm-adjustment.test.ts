import fc from "fast-check";
import { expect, test } from "vitest";
import { holmAdjusted, holmAdjustment } from "../../core/statistics/holm-adjustment.ts";

test("by hand: the smallest counts four times, the next three times, and none falls below one before it", () => {
  const adjusted = holmAdjusted([0.03, 0.01, 0.02, 0.5]);
  expect(adjusted.map((own) => Number(own.toFixed(12)))).toEqual([0.06, 0.04, 0.06, 0.5]);
});

test("a single value stays as it is; none gives none; none exceeds 1", () => {
  expect(holmAdjusted([0.03])).toEqual([0.03]);
  expect(holmAdjusted([])).toEqual([]);
  expect(holmAdjusted([0.6, 0.7])).toEqual([1, 1]);
});

test("rejects what Holm's steps reject", () => {
  const level = 0.05;
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), { maxLength: 12 }), (values) => {
      const adjusted = holmAdjusted(values);
      // Step down: compare the smallest with level / n, the next with level / (n - 1), and stop at the first that fails.
      const sorted = values.toSorted((a, b) => a - b);
      const fails = sorted.findIndex((value, at) => (values.length - at) * value > level);
      const limit = fails < 0 ? Number.POSITIVE_INFINITY : sorted[fails]!;
      expect(adjusted.map((own) => own <= level)).toEqual(values.map((value) => value < limit));
    }),
  );
});

test("the cutoff parts what is below the level from what is not", () => {
  const level = 0.05;
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), { maxLength: 12 }), (values) => {
      const adjustment = holmAdjustment(Float64Array.from(values));
      const cutoff = adjustment.cutoff(level);
      expect(values.map((value) => value <= cutoff)).toEqual(holmAdjusted(values).map((own) => own < level));
    }),
  );
});
