import { expect, test } from "vitest";
import { normalUpperTail } from "../../core/statistics/normal-tail.ts";

// scipy 1.17.1: python3 -c "from scipy.stats import norm; print([float(norm.sf(z)) for z in (…)])"
test.each([
  [-8, 0.9999999999999993],
  [-1.5, 0.9331927987311419],
  [-0.25, 0.5987063256829237],
  [0, 0.5],
  [0.25, 0.4012936743170763],
  [1, 0.15865525393145707],
  [1.959963984540054, 0.025],
  [3, 0.0013498980316300933],
  [5, 2.866515718791933e-7],
  [8, 6.22096057427174e-16],
  [15, 3.6709661993126986e-51],
  [26, 2.476063315503107e-149],
])("a standard normal variable exceeds %d with probability %d", (z, expected) => {
  expect(Math.abs(normalUpperTail(z) / expected - 1)).toBeLessThan(1e-12);
});

test("nothing is beyond infinity", () => {
  expect(normalUpperTail(Number.POSITIVE_INFINITY)).toBe(0);
  expect(normalUpperTail(Number.NEGATIVE_INFINITY)).toBe(1);
});
