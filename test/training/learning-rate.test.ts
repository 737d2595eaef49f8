import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { learningRateOf } from "../../core/training/learning-rate.ts";

const optimiser = (learningRate: number, finalLearningRate: number) => ({
  learningRate,
  finalLearningRate,
  momentum: 0.9,
  weightDecay: 0,
});

describe("the cosine schedule", () => {
  test("starts at the learning rate and would end at the final one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e3, noNaN: true }),
        fc.integer({ min: 1, max: 10_000 }),
        (first, last, epochs) => {
          const own = optimiser(first, last);
          // Their sum and difference may round.
          const tolerance = 1e-15 * (first + last);
          expect(Math.abs(learningRateOf(own, 0, epochs) - first)).toBeLessThanOrEqual(tolerance);
          expect(learningRateOf(own, epochs, epochs)).toBe(last);
        },
      ),
    );
  });

  test("equals the closed form at every epoch", () => {
    for (const [first, last, epochs] of [
      [0.1, 0, 12],
      [0.3, 0.001, 200],
      [1e6, 1e6, 3],
    ] as const) {
      for (let epoch = 0; epoch <= epochs; epoch++) {
        const expected = last + ((first - last) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
        const tolerance = 1e-12 * first;
        expect(Math.abs(learningRateOf(optimiser(first, last), epoch, epochs) - expected)).toBeLessThan(tolerance);
      }
    }
  });

  test("is half way in the middle and falls all the time", () => {
    const rates = Array.from({ length: 21 }, (_, epoch) => learningRateOf(optimiser(0.5, 0.1), epoch, 20));
    expect(rates[10]).toBeCloseTo(0.3, 15);
    for (let epoch = 1; epoch < rates.length; epoch++) expect(rates[epoch]).toBeLessThan(rates[epoch - 1]!);
  });

  test("a single epoch is trained at the full rate", () => {
    expect(learningRateOf(optimiser(0.1, 0), 0, 1)).toBe(0.1);
  });

  test("gives the frozen values", () => {
    const rates = [0, 1, 2, 3, 4].map((epoch) => learningRateOf(optimiser(0.1, 0), epoch, 5));
    expect(rates).toEqual([0.1, 0.09045084971874738, 0.06545084971874737, 0.03454915028125263, 0.009549150281252633]);
  });
});
