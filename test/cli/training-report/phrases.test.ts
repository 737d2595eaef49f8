import { describe, expect, test } from "vitest";
import {
  plusMinus,
  publishedText,
  signed,
  smallestP,
  testSentence,
} from "../../../core/cli/training-report/phrases.ts";
import { placesOf } from "../../../core/cli/training-report/published-section.ts";

test("numbers", () => {
  expect(plusMinus([1, 3])).toBe("2.00 ± 1.00");
  expect(["0.42", "-0.13"].map((text) => signed(Number(text)))).toEqual(["+0.42", "-0.13"]);
  expect([0, 0.001, -0.001].map((value) => signed(value))).toEqual(["0.00", "0.00", "0.00"]);
  expect(signed(1234.5)).toBe("+1,234.50");
  expect(publishedText(undefined)).toBe("–");
  expect(publishedText({ mean: 94.37, std: null })).toBe("94.37");
  expect(publishedText({ mean: 54.3, std: 0 })).toBe("54.30 ± 0.00");
});

test("places: equal values share the first of theirs", () => {
  expect(placesOf([5, 9, 5, 1])).toEqual([2, 1, 2, 4]);
});

describe("what numbers of runs can show", () => {
  test("the smallest p of an exact Mann-Whitney test", () => {
    expect(smallestP(3, 3)).toBe(0.1);
    expect(smallestP(4, 4)).toBeCloseTo(2 / 70, 12);
    expect(smallestP(2, 3)).toBe(0.2);
    expect(smallestP(1, 1)).toBe(1);
  });

  test("in words", () => {
    expect(
      testSentence([
        [3, 3],
        [3, 3],
      ]),
    ).toBe(
      "Mann-Whitney can't call such a difference more than chance at the 5 % level: with 3 against 3 runs its smallest two-sided p is 0.10.",
    );
    expect(
      testSentence([
        [3, 3],
        [2, 3],
      ]),
    ).toContain("with 3 against 3 runs and 2 against 3 runs its smallest two-sided p is 0.10 at best.");
    expect(testSentence([[4, 4]])).toBe("The differences are not tested here.");
  });
});
