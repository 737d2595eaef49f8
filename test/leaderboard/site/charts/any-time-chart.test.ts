import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyTimeChart } from "../../../../leaderboard/site/charts/any-time-chart.ts";
import { COLUMN, chartMethod, type MadeMethod } from "../../../helpers/chart-methods.ts";
import { markElements, readChart } from "../../../helpers/svg-elements.ts";

/** A curve that falls from one regret to another in steps of a second. */
function falling(from: number, to: number, points = 20): NonNullable<MadeMethod["curve"]> {
  const at = Array.from({ length: points }, (_, position) => from + ((to - from) * position) / (points - 1));
  return {
    spentMs: at.map((_, position) => 1000 * (position + 1)),
    median: at,
    low: at.map((value) => value * 0.9),
    high: at.map((value) => value * 1.1),
  };
}

/** The ends of a line's path, in the chart's units. */
function pathEnds(path: string | null): [x: number, y: number][] {
  const places = [...(path ?? "").matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)];
  return [places[0], places.at(-1)].map((place) => [Number(place?.[1]), Number(place?.[2])]);
}

describe("any-time chart", () => {
  test("lines end where their medians are, on a square-root scale from 0 to the largest value", () => {
    const methods = [chartMethod({ curve: falling(4, 1) }, 0), chartMethod({ curve: falling(8, 2) }, 1)];
    const svg = readChart(anyTimeChart(methods, COLUMN, "linear"));
    const [first, second] = markElements(svg, "line", "path").map((path) => pathEnds(path.getAttribute("d")));
    const zero = 330;
    const height = (value: number) => (zero - 30) * Math.sqrt(value / 9);
    expect(first?.[1]?.[0]).toBe(520 - 22);
    expect(first?.[0]?.[0]).toBe(44);
    for (const [end, value] of [
      [first?.[0], 4],
      [first?.[1], 1],
      [second?.[0], 8],
      [second?.[1], 2],
    ] as const) {
      expect(zero - (end?.[1] as number)).toBeCloseTo(height(value), 0);
    }
  });

  test("the legend names coloured methods by their end, best first, and counts the others", () => {
    const methods = Array.from({ length: 9 }, (_, at) =>
      chartMethod({ curve: falling(9, at === 5 ? 0.25 : 1 + at) }, at),
    );
    const legend = markElements(readChart(anyTimeChart(methods, COLUMN, "log")), "legend", "text");
    const texts = legend.map(({ textContent }) => textContent);
    expect(texts).toEqual([
      "Method 5 → 0.25",
      ...[0, 1, 2, 3, 4].map((at) => `Method ${at} → ${at + 1}.00`),
      "3 others",
    ]);
  });

  test("methods with too few runs don't widen the axes", () => {
    const long = chartMethod({ curve: falling(2, 1) }, 0);
    const wild = { ...falling(90, 80), spentMs: falling(1, 1).spentMs.map((ms) => ms * 50) };
    const alone = readChart(anyTimeChart([long], COLUMN, "log"));
    const both = readChart(anyTimeChart([long, chartMethod({ curve: wild, isTooShort: true }, 1)], COLUMN, "log"));
    const line = (svg: typeof alone) => markElements(svg, "line", "path")[0]?.getAttribute("d");
    expect(line(both)).toBe(line(alone));
  });

  test("any curves: every coordinate is inside, and legends stay inside the chart", () => {
    const regret = fc.double({ min: 0, max: 95, noNaN: true });
    const made = fc.array(
      fc.record({
        title: fc.string({ minLength: 1, maxLength: 60 }),
        curve: fc.tuple(regret, regret, fc.integer({ min: 2, max: 40 })).map((words) => falling(...words)),
        isTooShort: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(made, fc.constantFrom("linear" as const, "log" as const), (methods, scale) => {
        const svg = readChart(anyTimeChart(methods.map(chartMethod), COLUMN, scale));
        for (const path of markElements(svg, "line", "path")) {
          for (const [, x, y] of (path.getAttribute("d") ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)) {
            expect(Number(x)).toBeGreaterThanOrEqual(43.9);
            expect(Number(x)).toBeLessThanOrEqual(498.1);
            expect(Number(y)).toBeGreaterThanOrEqual(29.9);
            expect(Number(y)).toBeLessThanOrEqual(330.1);
          }
        }
        const [, height] =
          /viewBox="0 0 520 (\d+)"/.exec(anyTimeChart(methods.map(chartMethod), COLUMN, scale).text) ?? [];
        for (const text of markElements(svg, "legend", "text")) {
          expect(Number(text.getAttribute("y"))).toBeLessThan(Number(height));
          expect(Number(text.getAttribute("x")) + 8 * [...text.textContent].length).toBeLessThanOrEqual(520);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("the same methods give the same bytes; nothing to draw gives a sentence", () => {
    const methods = [chartMethod({ curve: falling(4, 1) }, 0), chartMethod({ curve: falling(8, 2) }, 1)];
    expect(anyTimeChart(methods, COLUMN, "log").text).toBe(anyTimeChart(methods, COLUMN, "log").text);
    const nulls = { spentMs: [1, 2, 3], low: [null, null, null], median: [null, null, null], high: [null, null, null] };
    const atOnce = { spentMs: [5, 5], low: [1, 1], median: [1, 1], high: [1, 1] };
    for (const none of [
      [],
      [chartMethod({}, 0)],
      [chartMethod({ curve: nulls }, 0)],
      [chartMethod({ curve: atOnce }, 0)],
    ]) {
      expect(anyTimeChart(none, COLUMN, "log").text).toMatch(/^<p class="no-chart">/);
    }
  });
});
