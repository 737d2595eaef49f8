import { axisX, dot, gridX, link, ruleX, text } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
import type { Distinction } from "../site-model.ts";
import type { ChartMethod } from "./chart-methods.ts";
import { belowAxis } from "./labels.ts";
import { LETTER_WIDTH, noChart, plotSvg, shortName } from "./plot-svg.ts";

const ROW_HEIGHT = 26;
const LANE_WIDTH = 11;
const TOP = 8;
const BOTTOM = 44;
const LONGEST_NAME = 24;

interface Row {
  readonly title: string;
  /** Position from above, from 0. */
  readonly at: number;
  readonly colour: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A bar over the rows from `first` to `last`. */
interface Bar {
  readonly first: number;
  readonly last: number;
  readonly lane: number;
}

/** Bars side by side: each in the first lane in which nothing touches it. */
function barsOf({ groups, ids }: Distinction): Bar[] {
  const ends: number[] = [];
  return groups.map((group) => {
    const first = ids.indexOf(group[0] as string);
    const last = ids.indexOf(group.at(-1) as string);
    const free = ends.findIndex((end) => end < first);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = last;
    return { first, last, lane };
  });
}

function rowsOf({ column, ids }: Distinction, methods: readonly ChartMethod[]): Row[] {
  return ids.flatMap((id, at) => {
    const method = methods.find((one) => one.id === id);
    const accuracy = method?.result.row.accuracies[column];
    if (method === undefined || accuracy == null) return [];
    const { mean, low, high } = accuracy;
    return [{ title: method.title, colour: method.colour, at, mean, low: low ?? mean, high: high ?? mean }];
  });
}

function groupsText(groups: Distinction["groups"], rows: readonly Row[], ids: readonly string[]): string {
  const name = (id: string) => rows.find(({ at }) => at === ids.indexOf(id))?.title ?? id;
  if (groups.length === 0) return "All are told apart.";
  return `Not told apart: ${groups.map((group) => group.map(name).join(", ")).join("; ")}.`;
}

/**
 * A critical-difference diagram (J. Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7, 2006), one
 * row a method so that long names and close means stay legible: its mean with the 95 % interval, and on the right a bar over
 * each group in which no two are told apart. Of what is compared these are runs, not datasets, so the axis has the mean itself
 * and the groups come from pairwise Mann-Whitney tests with Holm's adjustment.
 * @param methods of the benchmark, at least those that `distinction` names
 */
export function differenceDiagram(distinction: Distinction, methods: readonly ChartMethod[]): Html {
  const rows = rowsOf(distinction, methods);
  if (rows.length < 2) return noChart("Fewer than two methods have enough runs to be compared.");
  const bars = barsOf(distinction);
  const lanes = bars.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  const least = rows.reduce((value, { low }) => Math.min(value, low), Number.POSITIVE_INFINITY);
  const most = rows.reduce((value, { high }) => Math.max(value, high), Number.NEGATIVE_INFINITY);
  const margin = most > least ? (most - least) * 0.04 : 0.5;
  const longest = rows.reduce((length, { title }) => Math.max(length, shortName(title, LONGEST_NAME).length), 0);
  const marginRight = 58 + LANE_WIDTH * lanes;
  const height = TOP + BOTTOM + ROW_HEIGHT * rows.length;
  const label = { y: "at", frameAnchor: "left", textAnchor: "end", dx: -8 } as const;
  return plotSvg(
    {
      height,
      marginTop: TOP,
      marginBottom: BOTTOM,
      marginLeft: Math.round(Math.max(110, 16 + LETTER_WIDTH * longest)),
      marginRight,
      x: { domain: [least - margin, most + margin], label: null },
      y: { type: "linear", domain: [-0.5, rows.length - 0.5], range: [TOP, height - BOTTOM], axis: null },
      marks: [
        gridX({ ticks: 5 }),
        axisX({ ticks: 5, label: null }),
        text(rows, { ...label, text: ({ title }: Row) => shortName(title, LONGEST_NAME) }),
        link(rows, { x1: "low", x2: "high", y1: "at", y2: "at", stroke: "colour", strokeWidth: 3, strokeOpacity: 0.5 }),
        dot(rows, { x: "mean", y: "at", r: 5, fill: "colour" }),
        text(rows, {
          y: "at",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          text: ({ mean }: Row) => mean.toFixed(2),
          fontVariant: "tabular-nums",
        }),
        ...bars.map(({ first, last, lane }) =>
          ruleX([0], {
            x: most + margin,
            y1: first - 0.3,
            y2: last + 0.3,
            dx: 58 + LANE_WIDTH * lane,
            stroke: "currentColor",
            strokeWidth: 5,
            ariaDescription: "group",
          }),
        ),
      ],
    },
    {
      title: `Critical-difference diagram: ${distinction.column}`,
      text: `Methods by descending mean: ${rows.map(({ title, mean }) => `${title} ${mean.toFixed(2)}`).join(", ")}. A bar on the right joins methods that the runs do not tell apart. ${groupsText(distinction.groups, rows, distinction.ids)}`,
    },
    [belowAxis(`${distinction.column}: mean in percent, 95 % interval`, height - 8)],
  );
}
