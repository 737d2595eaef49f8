import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paretoChart, paretoPoints } from "../../../../leaderboard/site/charts/pareto-chart.ts";
import { paretoFront } from "../../../../leaderboard/site/charts/pareto-front.ts";
import { COLUMN, chartMethod } from "../../../helpers/chart-methods.ts";
import { markElements, readChart } from "../../../helpers/svg-elements.ts";

const axis = { title: "parameters", unit: "millions" };

describe("Pareto front", () => {
  const point = fc.record({ cost: fc.integer({ min: 0, max: 9 }), accuracy: fc.integer({ min: 0, max: 9 }) });

  test("holds exactly the points that nothing beats, each cost and accuracy once", () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), (points) => {
        const isBeaten = (one: { cost: number; accuracy: number }) =>
          points.some(
            (other) =>
              other.cost <= one.cost &&
              other.accuracy >= one.accuracy &&
              (other.cost < one.cost || other.accuracy > one.accuracy),
          );
        const text = ({ cost, accuracy }: { cost: number; accuracy: number }) => `${cost} ${accuracy}`;
        const unbeaten = new Set(points.filter((one) => !isBeaten(one)).map(text));
        expect(paretoFront(points).map(text).sort()).toEqual([...unbeaten].sort());
      }),
    );
  });
});

describe("Pareto chart", () => {
  const answers = [
    { architecture: 10, runs: 3 },
    { architecture: 20, runs: 1 },
  ];
  const methods = [
    chartMethod({ values: [94], answers }, 0),
    chartMethod({ values: [90], answers: [{ architecture: 40, runs: 2 }] }, 1),
    chartMethod({ values: [80], answers: [{ architecture: 1, runs: 2 }] }, 2),
  ];

  test("a method's cost is the mean over its runs' answers", () => {
    const points = paretoPoints(methods, COLUMN, (architecture) => architecture / 10);
    expect(points.map(({ cost, accuracy }) => [cost, accuracy])).toEqual([
      [1.25, 94],
      [4, 90],
      [0.1, 80],
    ]);
  });

  test("a method with an answer of unknown cost, without answers or without a value is left out", () => {
    const lacking = [chartMethod({ values: [94] }, 0), chartMethod({ answers }, 1), ...methods];
    const points = paretoPoints(lacking, COLUMN, (architecture) => (architecture === 20 ? null : 1));
    expect(points.map(({ title }) => title)).toEqual(["Method 1", "Method 2"]);
  });

  test("the unbeaten are ringed", () => {
    const points = paretoPoints(methods, COLUMN, (architecture) => architecture);
    const chart = paretoChart({ column: COLUMN, axis, points, architectures: [] });
    const svg = readChart(chart);
    const circles = markElements(svg, "dot", "circle");
    expect(circles.filter((circle) => circle.getAttribute("r") === "5.5")).toHaveLength(3);
    const ringed = markElements(svg, "front", "circle").map((circle) => circle.getAttribute("cx"));
    expect(ringed).toEqual([circles[2], circles[0]].map((circle) => circle?.getAttribute("cx")));
    expect(chart.text).toContain("Not beaten in both: Method 2, Method 0.");
  });

  test("no method, one method, equal methods", () => {
    const none = paretoChart({ column: COLUMN, axis, points: [], architectures: [{ cost: 1, accuracy: 2 }] });
    expect(none.text).toMatch(/^<p class="no-chart">/);
    const one = { title: "one", colour: "#0072b2", cost: 0, accuracy: 50 };
    readChart(paretoChart({ column: COLUMN, axis, points: [one], architectures: [] }));
    readChart(paretoChart({ column: COLUMN, axis, points: [one, one], architectures: [one] }));
  });
});
