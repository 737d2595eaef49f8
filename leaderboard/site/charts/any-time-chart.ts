import { areaY, axisX, axisY, gridX, gridY, lineY, ruleY } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
import { isTooShort } from "../../generator/ranking.ts";
import type { ChartMethod } from "./chart-methods.ts";
import { GREY } from "./colours.ts";
import { aboveAxis, belowAxis, type LegendEntry, legend, legendHeight } from "./labels.ts";
import { noChart, plotSvg } from "./plot-svg.ts";

const MS_PER_SECOND = 1000;
const FRAME_HEIGHT = 300;
const [TOP, BOTTOM] = [30, 48];

interface Point {
  readonly seconds: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

interface Line extends LegendEntry {
  /** Whether it has so few runs that it may not widen the axes. */
  readonly isTooShort: boolean;
  readonly points: readonly Point[];
}

/** The points of a method's curve at which every run has an incumbent; none where fewer than two are left. */
function pointsOf({ result }: ChartMethod, column: string): Point[] {
  const curve = result.facts.curves.find((one) => one.column === column);
  const points = (curve?.spentMs ?? []).flatMap((spentMs, at) => {
    const [low, median, high] = [curve?.low[at], curve?.median[at], curve?.high[at]];
    if (low == null || median == null || high == null) return [];
    return [{ seconds: spentMs / MS_PER_SECOND, low, median, high }];
  });
  return points.length > 1 ? points : [];
}

/** Of points that are closer together than this part of the axis only one is drawn. */
const FINEST = 1 / 130;

/** Points far enough apart to be told apart on the scale, with the first and the last. */
function thinned(points: readonly Point[], scale: "linear" | "log", from: number, to: number): Point[] {
  const place = (seconds: number) =>
    scale === "log" ? Math.log(seconds / from) / Math.log(to / from) : (seconds - from) / (to - from);
  let last = Number.NEGATIVE_INFINITY;
  return points.filter(({ seconds }, at) => {
    const isKept = at === 0 || at === points.length - 1 || place(seconds) - last >= FINEST;
    if (isKept) last = place(seconds);
    return isKept;
  });
}

const lastMedian = ({ points }: Line) => points.at(-1)?.median as number;

/** Names of the coloured lines with where they end, best first, and one entry for all grey ones. */
function entriesOf(lines: readonly Line[]): LegendEntry[] {
  const coloured = lines.filter(({ colour }) => colour !== GREY).sort((a, b) => lastMedian(a) - lastMedian(b));
  const grey = lines.filter(({ colour }) => colour === GREY);
  const named = grey.length === 1 ? grey : [];
  const entries = [...coloured, ...named].map((line) => ({
    title: `${line.title} → ${lastMedian(line).toFixed(2)}`,
    colour: line.colour,
  }));
  return grey.length > 1 ? [...entries, { title: `${grey.length} others`, colour: GREY }] : entries;
}

/**
 * Regret of the incumbent by simulated time: the median over runs as a line, and the half of the runs around it as a band;
 * methods without a colour of their own are thin grey lines, and those with too few runs do not widen the axes: what is beyond
 * is drawn at the edge. Regret is on a square-root scale, which shows both the first minutes and the last tenths of a point,
 * and has a zero.
 * @param scale of the simulated time
 * @param column whose curves are drawn
 */
export function anyTimeChart(methods: readonly ChartMethod[], column: string, scale: "linear" | "log"): Html {
  const whole = methods
    .map((method): Line => {
      const { title, colour, result } = method;
      return { title, colour, isTooShort: isTooShort(result.row), points: pointsOf(method, column) };
    })
    .filter(({ points }) => points.length > 0);
  if (whole.length === 0) return noChart(`No run of ${column} has a trajectory whose regret is known.`);
  const ruling = whole.every((line) => line.isTooShort) ? whole : whole.filter((line) => !line.isTooShort);
  const inside = ruling.flatMap(({ points }) => points);
  const from = inside.reduce((least, { seconds }) => Math.min(least, seconds), Number.POSITIVE_INFINITY);
  const to = inside.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const top = inside.reduce((most, { high }) => Math.max(most, high), 0.01);
  if (!(to > from)) return noChart(`The runs of ${column} have no length in simulated time.`);
  const lines = whole.flatMap((line) => {
    const points = line.points.filter(({ seconds }) => seconds >= from && seconds <= to);
    return points.length > 1 ? [{ ...line, points: thinned(points, scale, from, to) }] : [];
  });
  const entries = entriesOf(lines);
  const frame = TOP + FRAME_HEIGHT + BOTTOM;
  const coloured = lines.filter(({ colour }) => colour !== GREY);
  const stroke = (line: Line) => ({ x: "seconds", y: "median", stroke: line.colour }) as const;
  const ends = [...lines].sort((a, b) => lastMedian(a) - lastMedian(b));
  return plotSvg(
    {
      height: frame + legendHeight(entries) + 6,
      marginTop: TOP,
      marginLeft: 44,
      marginRight: 22,
      marginBottom: BOTTOM + legendHeight(entries) + 6,
      x: { type: scale, label: null, domain: [from, to] },
      y: { type: "sqrt", label: null, domain: [0, top], nice: true, clamp: true },
      marks: [
        gridX({ ticks: 5 }),
        gridY({ ticks: 6 }),
        axisX({ ticks: 5, tickFormat: "~s", label: null }),
        axisY({ ticks: 6, label: null }),
        ...lines
          .filter(({ colour }) => colour === GREY)
          .map((line) => lineY(line.points, { ...stroke(line), strokeWidth: 1, strokeOpacity: 0.4 })),
        ...coloured.map(({ points, colour }) =>
          areaY(points, { x: "seconds", y1: "low", y2: "high", fill: colour, fillOpacity: 0.12 }),
        ),
        ...coloured.map((line) => lineY(line.points, { ...stroke(line), strokeWidth: 2.2 })),
        ruleY([0]),
      ],
    },
    {
      title: `Any-time performance on ${column}, ${scale} time`,
      text: `Median regret over runs by simulated time, with the middle half of the runs. At the end: ${ends.map((line) => `${line.title} ${lastMedian(line).toFixed(2)}`).join(", ")}.`,
    },
    [
      aboveAxis("Regret in percentage points (square-root scale)"),
      belowAxis(`simulated seconds (${scale} scale)`, frame - 8),
      legend(entries, frame),
    ],
  );
}
