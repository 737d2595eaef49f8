import { areaY, lineY, type PlotOptions, ruleY, text } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
import type { AnyTimeCurve } from "../site-model.ts";
import { colourAt } from "./colours.ts";
import { plotSvg } from "./plot-svg.ts";

const MS_PER_SECOND = 1000;

/** A method's curve with its name. */
export interface NamedCurve {
  readonly title: string;
  readonly curve: AnyTimeCurve;
}

interface Point {
  readonly title: string;
  readonly seconds: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

function pointsOf({ title, curve }: NamedCurve): Point[] {
  return curve.spentMs.flatMap((spentMs, at) => {
    const [low, median, high] = [curve.low[at], curve.median[at], curve.high[at]];
    if (low == null || median == null || high == null) return [];
    return [{ title, seconds: spentMs / MS_PER_SECOND, low, median, high }];
  });
}

/** Labels at the ends of lines, moved apart where they would overlap. */
function labelPlaces(ends: readonly Point[], height: number, largest: number): { title: string; value: number }[] {
  const step = (largest * 13) / height;
  let below = Number.POSITIVE_INFINITY;
  return [...ends]
    .sort((a, b) => b.median - a.median || (a.title < b.title ? -1 : 1))
    .map(({ title, median }) => {
      below = Math.min(median, below - step);
      return { title, value: below };
    });
}

/**
 * Regret of the incumbent by simulated time: the median over runs as a line, and the half of the runs around it as a band.
 * @param scale of the simulated time
 * @param curves in the order of their colours
 */
export function anyTimeChart(curves: readonly NamedCurve[], scale: "linear" | "log", label: string): Html {
  const [width, height, marginRight] = [720, 360, 150];
  const named = curves
    .map((curve) => ({ ...curve, points: pointsOf(curve) }))
    .filter(({ points }) => points.length > 1);
  const points = named.flatMap((one) => one.points);
  const largest = points.reduce((most, { high }) => Math.max(most, high), 0);
  const ends = named.map((one) => one.points.at(-1) as Point);
  const domain = named.map(({ title }) => title);
  const last = points.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const options: PlotOptions = {
    width,
    height,
    marginRight,
    marginLeft: 48,
    marginBottom: 40,
    x: { type: scale, label: "simulated seconds →", grid: true },
    y: { label: "↑ regret in percentage points", zero: true, grid: true },
    color: { domain, range: domain.map((_, at) => colourAt(at)) },
    marks: [
      areaY(points, { x: "seconds", y1: "low", y2: "high", fill: "title", fillOpacity: 0.13, z: "title" }),
      lineY(points, { x: "seconds", y: "median", stroke: "title", strokeWidth: 1.8, z: "title" }),
      text(labelPlaces(ends, height - 60, largest), {
        x: last,
        y: "value",
        text: "title",
        textAnchor: "start",
        dx: 6,
        fill: "title",
      }),
      ruleY([0]),
    ],
  };
  const summary = ends.map(({ title, median }) => `${title} ends at ${median.toFixed(2)}`).join("; ");
  return plotSvg(options, {
    title: `Any-time performance, ${scale} time: ${label}`,
    text: `Median regret over runs by simulated time, with the middle half of the runs. ${summary}.`,
  });
}
