import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareAll } from "../../../../core/statistics/distinction.ts";
import { differenceDiagram } from "../../../../leaderboard/site/charts/difference-diagram.ts";
import type { Distinction } from "../../../../leaderboard/site/site-model.ts";
import { COLUMN, chartMethod } from "../../../helpers/chart-methods.ts";
import { markElements, markTexts, readChart, type SvgElement } from "../../../helpers/svg-elements.ts";

const place = (element: SvgElement | null, name: string) => Number(element?.getAttribute(name));

function diagramOf(samples: readonly (readonly number[])[]) {
  const { order, ranks, groups, p } = compareAll(samples);
  const methods = samples.map((values, at) => chartMethod({ values }, at));
  const idAt = (at: number) => `method-${at}`;
  const distinction: Distinction = {
    column: COLUMN,
    ids: order.map(idAt),
    ranks: new Map(ranks.map((range, at) => [idAt(at), range])),
    groups: groups.map((group) => group.map(idAt)),
    p: (first, second) => p(Number(first.slice(7)), Number(second.slice(7))),
  };
  return { methods, distinction, chart: differenceDiagram(distinction, methods) };
}

/** Twenty values around one. */
const around = (middle: number) => Array.from({ length: 20 }, (_, at) => middle + (at - 9.5) / 20);
const samples = [around(90), around(90.1), around(94), around(93.9), around(80)];

/** The groups that the bars of a diagram stand for, by the rows that they cover. */
function barGroups(svg: SvgElement, distinction: Distinction): string[][] {
  const dots = markElements(svg, "dot", "circle").map((dot) => place(dot, "cy"));
  return markElements(svg, "group", "line").map((bar) => {
    const ends = [place(bar, "y1"), place(bar, "y2")];
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    return distinction.ids.filter((_, at) => (dots[at] as number) >= from && (dots[at] as number) <= to);
  });
}

describe("critical-difference diagram", () => {
  test("bars cover the groups that comparisons leave, and no more", () => {
    const { distinction, chart } = diagramOf(samples);
    expect(distinction.groups).toHaveLength(2);
    expect(barGroups(readChart(chart), distinction)).toEqual(distinction.groups);
  });

  test("any samples: bars equal groups, bars in one lane don't touch", () => {
    const middles = fc.array(fc.integer({ min: 800, max: 812 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(middles, (tenths) => {
        const { distinction, chart } = diagramOf(tenths.map((middle) => around(middle / 10)));
        const svg = readChart(chart);
        expect(barGroups(svg, distinction)).toEqual(distinction.groups);
        const lanes = new Map<string, number>();
        for (const bar of [...svg.querySelectorAll('[data-part="group"]')]) {
          const lane = bar.getAttribute("transform") ?? "";
          const line = bar.querySelector("line") ?? bar;
          expect(place(line, "y1")).toBeGreaterThan(lanes.get(lane) ?? 0);
          lanes.set(lane, place(line, "y2"));
        }
      }),
      { numRuns: 25 },
    );
  });

  test("dots lie where the means are", () => {
    const svg = readChart(diagramOf(samples).chart);
    const dots = markElements(svg, "dot", "circle").map((dot) => place(dot, "cx"));
    const ticks = markElements(svg, "x-axis tick label", "text").map((tick) => ({
      value: Number(tick.textContent),
      x: Number(/translate\(([\d.]+)/.exec(tick.getAttribute("transform") ?? "")?.[1]),
    }));
    const [first, last] = [ticks[0], ticks.at(-1)] as [(typeof ticks)[0], (typeof ticks)[0]];
    const scale = (last.x - first.x) / (last.value - first.value);
    [94, 93.9, 90.1, 90, 80].forEach((mean, at) => {
      expect(dots[at]).toBeCloseTo(first.x + (mean - first.value) * scale, 0);
    });
    expect(markTexts(svg, "text")).toEqual(expect.arrayContaining(["Method 2", "94.00", "80.00"]));
  });

  test("the order of methods changes nothing", () => {
    const { methods, distinction, chart } = diagramOf(samples);
    expect(differenceDiagram(distinction, [...methods].reverse()).text).toBe(chart.text);
  });

  test("fewer than two methods: a sentence", () => {
    const { distinction } = diagramOf(samples);
    expect(differenceDiagram(distinction, []).text).toMatch(/^<p class="no-chart">Fewer than two/);
  });

  test("hostile and long names are text, cut to what fits", () => {
    const { distinction } = diagramOf(samples);
    const titles = ["<script>alert(1)</script>", '\u202Eevil & "co"', "x".repeat(5000), "😀".repeat(40), "a"];
    const methods = titles.map((title, at) => chartMethod({ title, values: samples[at] as number[] }, at));
    const svg = readChart(differenceDiagram(distinction, methods));
    expect(markTexts(svg, "text")).toContain("<script>alert(1)</scrip…");
    expect(Math.max(...markTexts(svg, "text").map((text) => [...text].length))).toBe(24);
  });
});
