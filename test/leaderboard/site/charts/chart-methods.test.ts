import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyTimeChart } from "../../../../leaderboard/site/charts/any-time-chart.ts";
import { chartMethods } from "../../../../leaderboard/site/charts/chart-methods.ts";
import { GREY } from "../../../../leaderboard/site/charts/colours.ts";
import { overlapChart } from "../../../../leaderboard/site/charts/overlap-chart.ts";
import type { SiteBenchmark } from "../../../../leaderboard/site/site-model.ts";
import { COLUMN, chartMethod, type MadeMethod } from "../../../helpers/chart-methods.ts";

/** A benchmark of which charts use results, the report and what it is ranked by. */
function benchmarkOf(made: readonly MadeMethod[]): SiteBenchmark {
  const results = made.map((method, at) => chartMethod(method, at).result);
  return { section: { rankedBy: COLUMN }, report: [{ column: COLUMN }], results } as unknown as SiteBenchmark;
}

const curve = { spentMs: [1000, 2000], low: [2, 1], median: [3, 2], high: [4, 3] };
const made: MadeMethod[] = [
  { id: "few", title: "Few runs", values: [99], isTooShort: true, curve },
  { id: "none", title: "No values" },
  ...[90, 91, 92, 93, 94, 90].map((value, at) => ({
    id: `m${at}`,
    title: "Same title",
    values: [value],
    answers: [{ architecture: at % 2, runs: 1 }],
    curve,
  })),
];

describe("methods in charts", () => {
  test("best first, methods with too few runs last; six have a colour; equal titles are told apart", () => {
    const methods = chartMethods(benchmarkOf(made));
    expect(methods.map(({ id }) => id)).toEqual(["m4", "m3", "m2", "m1", "m0", "m5", "none", "few"]);
    expect(methods.map(({ colour }) => colour === GREY)).toEqual([...Array(6).fill(false), true, true]);
    expect(methods[0]?.title).toBe("Same title 1.0.0");
    expect(methods[7]?.title).toBe("Few runs");
  });

  test("the order of rows changes no chart", () => {
    const methods = chartMethods(benchmarkOf(made));
    const charts = [anyTimeChart(methods, COLUMN, "log").text, overlapChart(methods).text];
    fc.assert(
      fc.property(fc.shuffledSubarray(made, { minLength: made.length }), (shuffled) => {
        const own = chartMethods(benchmarkOf(shuffled));
        expect([anyTimeChart(own, COLUMN, "log").text, overlapChart(own).text]).toEqual(charts);
      }),
      { numRuns: 15 },
    );
  });
});
