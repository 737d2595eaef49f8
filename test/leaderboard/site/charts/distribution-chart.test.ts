import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distributionChart } from "../../../../leaderboard/site/charts/distribution-chart.ts";
import { COLUMN, chartMethod } from "../../../helpers/chart-methods.ts";
import { markElements, markTexts, readChart } from "../../../helpers/svg-elements.ts";

const around = (middle: number) => Array.from({ length: 20 }, (_, at) => middle + (at - 9.5) / 20);

describe("distribution chart", () => {
  test("rows by descending mean; a box where there are many values, ticks where there are few", () => {
    const methods = [
      chartMethod({ values: around(90) }, 0),
      chartMethod({ values: [93, 92, 91] }, 1),
      chartMethod({ values: around(94) }, 2),
      chartMethod({ values: [] }, 3),
    ];
    const svg = readChart(distributionChart(methods, COLUMN, 95));
    expect(markTexts(svg, "text")).toEqual(["Method 2", "Method 1", "Method 0"]);
    expect(markElements(svg, "bar", "rect")).toHaveLength(2);
    const ticks = markElements(svg, "tick", "line").filter((tick) => tick.getAttribute("stroke") === "#d55e00");
    expect(ticks).toHaveLength(3);
  });

  test("values far below are counted at the edge, and the rest keeps its room", () => {
    const values = around(94);
    const methods = [chartMethod({ values }, 0), chartMethod({ values: [...around(93.5), 10, 12.34] }, 1)];
    const svg = readChart(distributionChart(methods, COLUMN, 94.5));
    expect(markTexts(svg, "text")).toContain("◂ 2 lower, from 10.0");
    const ticks = markTexts(svg, "x-axis tick label").map(Number);
    expect(Math.min(...ticks)).toBeGreaterThan(88);
  });

  test("a box goes from the quarter to three quarters, by the axis", () => {
    const svg = readChart(distributionChart([chartMethod({ values: around(90) }, 0)], COLUMN, null));
    const labels = markElements(svg, "x-axis tick label", "text").map((label) => ({
      value: Number(label.textContent),
      x: Number(/translate\(([\d.]+)/.exec(label.getAttribute("transform") ?? "")?.[1]),
    }));
    const [first, last] = [labels[0], labels.at(-1)] as [(typeof labels)[0], (typeof labels)[0]];
    const xOf = (value: number) => first.x + ((value - first.value) * (last.x - first.x)) / (last.value - first.value);
    const box = markElements(svg, "bar", "rect")[0];
    // numpy.percentile of the twenty values: 89.7625 and 90.2375.
    expect(Number(box?.getAttribute("x"))).toBeCloseTo(xOf(89.7625), 0);
    expect(Number(box?.getAttribute("width"))).toBeCloseTo(xOf(90.2375) - xOf(89.7625), 0);
  });

  test("the order of methods and of runs changes nothing", () => {
    const values = fc.array(fc.double({ min: 1, max: 99, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (samples) => {
        const methods = samples.map((sample, at) => chartMethod({ values: sample }, at));
        const turned = samples
          .map((sample, at) => chartMethod({ values: [...sample].sort((a, b) => b - a) }, at))
          .reverse();
        const sorted = samples.map((sample, at) => chartMethod({ values: [...sample].sort((a, b) => a - b) }, at));
        const chart = distributionChart(methods, COLUMN, null);
        expect(distributionChart(turned, COLUMN, null).text).toBe(chart.text);
        expect(distributionChart(sorted, COLUMN, null).text).toBe(chart.text);
        if (samples.some((sample) => sample.length > 0)) readChart(chart);
        else expect(chart.text).toMatch(/^<p/);
      }),
      { numRuns: 20 },
    );
  });
});
