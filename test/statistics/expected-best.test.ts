import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DrawnItem, expectedValueOfBest } from "../../core/statistics/expected-best.ts";

const item = (score: number, value = score, weight = 1): DrawnItem => ({ score, value, weight });

/** The same by going through every sequence of draws. */
function enumerated(items: readonly DrawnItem[], draws: number): number {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  let expected = 0;
  const visit = (drawn: readonly DrawnItem[], chance: number) => {
    if (drawn.length < draws) {
      for (const next of items) visit([...drawn, next], (chance * next.weight) / total);
      return;
    }
    const best = Math.max(...drawn.map(({ score }) => score));
    // Whichever of the equals was drawn first is picked: on average over sequences, by their weights.
    expected += chance * drawn.find(({ score }) => score === best)!.value;
  };
  visit([], 1);
  return expected;
}

test("by hand: the highest of two throws of a die is 161 / 36 on average", () => {
  const die = [1, 2, 3, 4, 5, 6].map((face) => item(face));
  expect(expectedValueOfBest(die, 1)).toBeCloseTo(3.5, 12);
  expect(expectedValueOfBest(die, 2)).toBeCloseTo(161 / 36, 12);
  expect(expectedValueOfBest(die, Number.POSITIVE_INFINITY)).toBe(6);
});

test("what is picked and what it is worth may differ", () => {
  // The highest score is worth least.
  const items = [item(1, 10), item(2, 20), item(3, 0)];
  expect(expectedValueOfBest(items, 1)).toBeCloseTo(10, 12);
  // Chances of the highest score being 1, 2 and 3: 1/9, 3/9, 5/9.
  expect(expectedValueOfBest(items, 2)).toBeCloseTo(10 / 9 + 60 / 9, 12);
  expect(expectedValueOfBest(items, Number.POSITIVE_INFINITY)).toBe(0);
});

test("equal scores are picked by their weights", () => {
  const items = [item(5, 1, 3), item(5, 9, 1)];
  for (const draws of [1, 7, Number.POSITIVE_INFINITY]) expect(expectedValueOfBest(items, draws)).toBeCloseTo(3, 12);
});

describe("for any items", () => {
  const anyItem = fc.record({
    score: fc.integer({ min: 0, max: 3 }),
    value: fc.integer({ min: 0, max: 100 }),
    weight: fc.integer({ min: 1, max: 5 }),
  });

  test("equals going through every sequence of draws", () => {
    const items = fc.array(anyItem, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 4 }), (own, draws) => {
        expect(expectedValueOfBest(own, draws)).toBeCloseTo(enumerated(own, draws), 9);
      }),
    );
  });

  test("who picks by the value itself never loses by drawing more", () => {
    const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 2000 }), (own, draws) => {
        const drawn = own.map(([value, weight]) => item(value, value, weight));
        const [fewer, more] = [expectedValueOfBest(drawn, draws), expectedValueOfBest(drawn, draws + 1)];
        expect(more).toBeGreaterThanOrEqual(fewer - 1e-9);
        expect(more).toBeLessThanOrEqual(Math.max(...own.map(([value]) => value)));
      }),
    );
  });
});

test("no items and no draws are refused", () => {
  expect(() => expectedValueOfBest([], 1)).toThrow(RangeError);
  expect(() => expectedValueOfBest([item(1)], 0)).toThrow(RangeError);
  expect(() => expectedValueOfBest([item(1)], 1.5)).toThrow(RangeError);
});
