import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitCostModel, simulatedMs } from "../../core/training/cost-model.ts";

const MODEL = { fixedUs: 2.5, usPerMegaMac: 40 };
const macs = fc.integer({ min: 0, max: 1e9 });
const images = fc.integer({ min: 0, max: 1e6 });

describe("simulatedMs", () => {
  test("counts a trained image three times, in rounded milliseconds", () => {
    // 0.5 million MACs: 22.5 us a pass.
    expect(simulatedMs(MODEL, 500_000, { evaluated: 1000 })).toBe(23);
    expect(simulatedMs(MODEL, 500_000, { trained: 1000 })).toBe(68);
    expect(simulatedMs(MODEL, 500_000, { trained: 1000, evaluated: 500 })).toBe(79);
    expect(simulatedMs(MODEL, 500_000, {})).toBe(0);
  });

  test("is an integer that never falls with more MACs or images", () => {
    fc.assert(
      fc.property(macs, macs, images, images, (size, more, trained, evaluated) => {
        const cost = simulatedMs(MODEL, size, { trained, evaluated });
        expect(Number.isSafeInteger(cost)).toBe(true);
        expect(simulatedMs(MODEL, size + more, { trained, evaluated })).toBeGreaterThanOrEqual(cost);
        expect(simulatedMs(MODEL, size, { trained: trained + 1, evaluated })).toBeGreaterThanOrEqual(cost);
        expect(simulatedMs(MODEL, size, { trained, evaluated: evaluated + 1 })).toBeGreaterThanOrEqual(cost);
      }),
    );
  });

  test("is linear in images and in MACs, up to the rounding", () => {
    fc.assert(
      fc.property(macs, images, images, (size, trained, evaluated) => {
        const parts = simulatedMs(MODEL, size, { trained }) + simulatedMs(MODEL, size, { evaluated });
        expect(Math.abs(simulatedMs(MODEL, size, { trained, evaluated }) - parts)).toBeLessThanOrEqual(1);
        const fixed = simulatedMs({ ...MODEL, usPerMegaMac: 0 }, size, { evaluated });
        const byMacs = simulatedMs({ ...MODEL, fixedUs: 0 }, size, { evaluated });
        expect(Math.abs(simulatedMs(MODEL, size, { evaluated }) - fixed - byMacs)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("fitCostModel", () => {
  const timed = (size: number, passes: number, noise = 0) => ({
    macs: size,
    passes,
    seconds: (passes * (MODEL.fixedUs + (MODEL.usPerMegaMac * size) / 1e6 + noise)) / 1e6,
  });

  test("recovers the constants of exact times", () => {
    const fit = fitCostModel([timed(100_000, 5000), timed(700_000, 20), timed(2_000_000, 100_000)]);
    expect(fit.fixedUs).toBeCloseTo(2.5, 9);
    expect(fit.usPerMegaMac).toBeCloseTo(40, 9);
    expect(fit.r2).toBeCloseTo(1, 12);
  });

  test("is a least-squares fit: errors that cancel out move nothing, and lower the explained share", () => {
    const pairs = [100_000, 500_000, 900_000].flatMap((size) => [timed(size, 100, 4), timed(size, 300, -4)]);
    const fit = fitCostModel(pairs);
    expect(fit.fixedUs).toBeCloseTo(2.5, 9);
    expect(fit.usPerMegaMac).toBeCloseTo(40, 9);
    // Between sizes 16 us and less: a variance of 2/3 x 16^2; errors: 16.
    expect(fit.r2).toBeCloseTo((256 * 2) / 3 / ((256 * 2) / 3 + 16), 9);
  });

  test("a cost that does not depend on the MACs is explained wholly", () => {
    const fit = fitCostModel([
      { macs: 1, passes: 10, seconds: 1 },
      { macs: 2, passes: 10, seconds: 1 },
    ]);
    expect(fit).toEqual({ fixedUs: 100_000, usPerMegaMac: 0, r2: 1 });
  });

  test.each([[[]], [[timed(5, 1)]], [[timed(0.1, 1), timed(0.1, 2), timed(0.1, 3)]]])(
    "needs two different networks: %j",
    (trainings) => {
      expect(() => fitCostModel(trainings)).toThrow(RangeError);
    },
  );
});
