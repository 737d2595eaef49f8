import { axisX, axisY, dot, gridX, gridY, line, text } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
import type { ChartMethod } from "./chart-methods.ts";
import { GREY } from "./colours.ts";
import { aboveAxis, belowAxis, legend, legendHeight } from "./labels.ts";
import { type CostPoint, paretoFront } from "./pareto-front.ts";
import { noChart, plotSvg } from "./plot-svg.ts";

const [TOP, BOTTOM, FRAME_HEIGHT] = [30, 48, 300] as const;

/** A method's final architectures: their mean cost and accuracy over runs. */
export interface ParetoPoint extends CostPoint {
  readonly title: string;
  readonly colour: string;
}

/** What the costs are, e.g. `parameters` in `millions`. */
export interface CostAxis {
  readonly title: string;
  readonly unit: string;
}

/** What is charted: methods, and what the table's architectures reach. */
export interface ParetoInput {
  readonly column: string;
  readonly axis: CostAxis;
  readonly points: readonly ParetoPoint[];
  /** All architectures of the table, or none. */
  readonly architectures: readonly CostPoint[];
}

/**
 * The mean cost of each method's final architectures beside their mean accuracy, runs counted. A method is left out if a cost
 * of one of its answers or its accuracy is not known.
 * @param costOf an architecture's cost; null where it is not known
 */
export function paretoPoints(
  methods: readonly ChartMethod[],
  column: string,
  costOf: (architecture: number) => number | null,
): ParetoPoint[] {
  return methods.flatMap(({ title, colour, result }) => {
    const accuracy = result.row.accuracies[column]?.mean;
    const costs = result.facts.answers.map(({ architecture, runs }) => ({ cost: costOf(architecture), runs }));
    if (accuracy === undefined || costs.length === 0 || costs.some(({ cost }) => cost === null)) return [];
    const runs = costs.reduce((sum, one) => sum + one.runs, 0);
    const cost = costs.reduce((sum, one) => sum + (one.cost as number) * one.runs, 0) / runs;
    return [{ title, colour, cost, accuracy }];
  });
}

/**
 * Accuracy against cost: methods as dots, those that no other method beats in both ringed, and above them the front of all
 * architectures of the table as a line.
 */
export function paretoChart({ column, axis, points, architectures }: ParetoInput): Html {
  if (points.length === 0) return noChart(`No method has both a value of ${column} and ${axis.title}.`);
  const best = paretoFront(points);
  const lowest = points.reduce((least, { accuracy }) => Math.min(least, accuracy), 100);
  const front = paretoFront(architectures);
  const highest = [...points, ...front].reduce((most, { accuracy }) => Math.max(most, accuracy), 0);
  const margin = highest > lowest ? (highest - lowest) * 0.06 : 0.5;
  const shownFront = front.filter(({ accuracy }) => accuracy >= lowest - margin);
  const costs = [...points, ...shownFront].map(({ cost }) => cost);
  const [from, to] = [costs.reduce((a, b) => Math.min(a, b)), costs.reduce((a, b) => Math.max(a, b))];
  const pad = to > from ? (to - from) * 0.04 : Math.max(0.5 * from, 0.5);
  const grey = points.filter(({ colour }) => colour === GREY).length;
  const entries = [
    ...points.filter(({ colour }) => colour !== GREY).map(({ title, colour }) => ({ title, colour })),
    ...(grey === 0 ? [] : [{ title: grey === 1 ? "1 other" : `${grey} others`, colour: GREY }]),
    ...(shownFront.length < 2 ? [] : [{ title: "best there is", colour: "currentColor" }]),
  ];
  const frame = TOP + FRAME_HEIGHT + BOTTOM;
  const at = { x: "cost", y: "accuracy" } as const;
  const costText = ({ title, cost, accuracy }: ParetoPoint) =>
    `${title} ${cost.toPrecision(3)} → ${accuracy.toFixed(2)}`;
  return plotSvg(
    {
      height: frame + legendHeight(entries) + 6,
      marginTop: TOP,
      marginLeft: 52,
      marginRight: 22,
      marginBottom: BOTTOM + legendHeight(entries) + 6,
      x: { domain: [from - pad, to + pad], label: null },
      y: { domain: [lowest - margin, highest + margin], label: null },
      marks: [
        gridX({ ticks: 6 }),
        gridY({ ticks: 6 }),
        axisX({ ticks: 6, label: null }),
        axisY({ ticks: 6, label: null }),
        line(shownFront, { ...at, stroke: "currentColor", strokeOpacity: 0.6, curve: "step-after" }),
        dot(points, { ...at, fill: "colour", r: 5.5 }),
        dot(best, { ...at, stroke: "currentColor", strokeWidth: 1.6, r: 8.5, ariaDescription: "front" }),
        text(
          best.filter(({ colour }) => colour === GREY),
          { ...at, text: "title", dy: 20, fontSize: 12 },
        ),
      ],
    },
    {
      title: `${column} against ${axis.title}`,
      text: `Means over final architectures, ${axis.title} in ${axis.unit} → accuracy in percent: ${points.map(costText).join("; ")}. Not beaten in both: ${best.map(({ title }) => title).join(", ")}.`,
    },
    [
      aboveAxis(`${column}: mean in percent (ringed: unbeaten)`),
      belowAxis(`${axis.title} in ${axis.unit}`, frame - 8),
      legend(entries, frame),
    ],
  );
}
