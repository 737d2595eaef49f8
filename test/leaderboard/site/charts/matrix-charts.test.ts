import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { correlationChart } from "../../../../leaderboard/site/charts/correlation-chart.ts";
import { answerOverlap, overlapChart } from "../../../../leaderboard/site/charts/overlap-chart.ts";
import type { TableFacts } from "../../../../leaderboard/site/table-facts.ts";
import { chartMethod } from "../../../helpers/chart-methods.ts";
import { markTexts, readChart } from "../../../helpers/svg-elements.ts";

describe("overlap of answers", () => {
  const answers = fc.uniqueArray(
    fc.record({ architecture: fc.integer({ min: 0, max: 20 }), runs: fc.integer({ min: 1, max: 500 }) }),
    { selector: ({ architecture }) => architecture, minLength: 1, maxLength: 12 },
  );

  test("is the same both ways, from 0 to 1, and 1 with itself and with more runs of the same shares", () => {
    fc.assert(
      fc.property(answers, answers, (first, second) => {
        expect(answerOverlap(first, second)).toBe(answerOverlap(second, first));
        expect(answerOverlap(first, second)).toBeGreaterThanOrEqual(0);
        expect(answerOverlap(first, second)).toBeLessThanOrEqual(1);
        expect(
          answerOverlap(
            first,
            first.map(({ architecture, runs }) => ({ architecture, runs: 3 * runs })),
          ),
        ).toBe(1);
      }),
    );
  });

  test("of two methods that share half of their answers", () => {
    const first = chartMethod({ answers: [1, 2].map((architecture) => ({ architecture, runs: 5 })) }, 0);
    const second = chartMethod({ answers: [2, 3].map((architecture) => ({ architecture, runs: 1 })) }, 1);
    const third = chartMethod({ answers: [{ architecture: 9, runs: 1 }] }, 2);
    const svg = readChart(overlapChart([first, second, third, chartMethod({}, 3)]));
    expect(markTexts(svg, "cells")).toEqual([".50", "0", "0"]);
    expect(markTexts(svg, "rows")).toEqual(["Method 0 1", "Method 1 2", "Method 2 3"]);
    expect(overlapChart([first]).text).toMatch(/^<p class="no-chart">/);
  });
});

describe("correlations", () => {
  const column = (dataset: string, split: "valid" | "test", values: number[], isLongest = true) => ({
    dataset,
    recipe: isLongest ? "full" : "short",
    split,
    epoch: 1,
    isLongest,
    values: Float64Array.from(values),
  });
  const facts = (columns: TableFacts["columns"]): TableFacts => ({
    architectures: [0, 1, 2, 3],
    isByClass: false,
    columns,
  });

  test("Kendall's tau-b of each two columns; a value that is missing counts in no pair", () => {
    const chart = correlationChart(
      facts([
        column("a", "valid", [1, 2, 3, 4]),
        column("a", "test", [1, 2, 4, 3]),
        column("b", "valid", [4, 3, 2, Number.NaN]),
        column("b", "test", [5, 5, 5, 5]),
        column("b", "test", [9, 9, 9, 9], false),
      ]),
    );
    const svg = readChart(chart);
    // scipy.stats.kendalltau([1, 2, 3, 4], [1, 2, 4, 3]) = 0.6667; a constant has none.
    expect(markTexts(svg, "cells")).toEqual([".67", "−1.0", "−1.0", "–", "–", "–"]);
    expect(markTexts(svg, "rows")[0]).toBe("a full valid 1");
  });

  test("one dataset goes without its name; one column is no chart", () => {
    const columns = [column("a", "valid", [1, 2, 3, 4]), column("a", "test", [1, 2, 3, 4])];
    expect(markTexts(readChart(correlationChart(facts(columns))), "rows")).toEqual(["full valid 1", "full test 2"]);
    expect(correlationChart(facts(columns.slice(1))).text).toMatch(/^<p class="no-chart">/);
  });
});
