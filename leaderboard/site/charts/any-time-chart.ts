import { areaY, axisX, axisY, gridX, gridY, lineY, ruleY } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
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
 * methods without a colour of their own are thin grey lines. Regret is on a square-root scale, which shows both the first
 * minutes and the last tenths of a point, and has a zero.
 * @param scale of the simulated time
 * @param column whose curves are drawn
 */
export function anyTimeChart(methods: readonly ChartMethod[], column: string, scale: "linear" | "log"): Html {
  const lines = methods
    .map(
      ({ title, colour, ...method }): Line => ({
        title,
        colour,
        points: pointsOf({ title, colour, ...method }, column),
      }),
    )
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return noChart(`No run of ${column} has a trajectory whose regret is known.`);
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
      x: { type: scale, label: null },
      y: { type: "sqrt", label: null, zero: true, nice: true },
      marks: [
        gridX({ ticks: 5 }),
        gridY({ ticks: 6 }),
        axisX({ ticks: 5, tickFormat: "~s", label: null }),
        axisY({ ticks: 6, label: null }),
        ...lines
          .filter(({ colour }) => colour === GREY)
          .map((line) => lineY(line.points, { ...stroke(line), strokeWidth: 1, strokeOpacity: 0.6 })),
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
