import { axisX, boxX, gridX, ruleX, text, tickX } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
import type { ChartMethod } from "./chart-methods.ts";
import { belowAxis } from "./labels.ts";
import { LETTER_WIDTH, noChart, plotSvg, shortName } from "./plot-svg.ts";

/** Fewest values that a box can stand for; fewer are shown one by one. */
const FEWEST_BOXED = 8;
const LONGEST_NAME = 24;
const ROW_HEIGHT = 24;
const [TOP, BOTTOM] = [8, 44];

interface Row {
  readonly id: string;
  readonly title: string;
  readonly colour: string;
  readonly mean: number;
  /** Ascending. */
  readonly values: readonly number[];
}

function rowsOf(methods: readonly ChartMethod[], column: string): Row[] {
  return methods
    .flatMap(({ id, title, colour, result }) => {
      const values = [...(result.facts.values[column] ?? [])].sort((a, b) => a - b);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.length === 0 ? [] : [{ id, title, colour, mean, values }];
    })
    .sort((a, b) => b.mean - a.mean || (a.id < b.id ? -1 : 1));
}

/**
 * Where the axis begins: at the lowest value, unless that is so far below most values that their differences would vanish. Then
 * it begins as far below the middle half as three times what lies between there and the best value.
 */
function axisStart(rows: readonly Row[], end: number): number {
  const all = rows.flatMap(({ values }) => values).sort((a, b) => a - b);
  const lowest = all[0] as number;
  // Each method counts alike, however many runs it has.
  const quarters = rows.map(({ values }) => values[Math.floor(values.length / 4)] as number).sort((a, b) => a - b);
  const quarter = quarters[Math.floor(quarters.length / 4)] as number;
  const fence = end - 4 * Math.max(end - quarter, 0.05);
  return lowest >= fence ? lowest : (all.find((value) => value >= fence) as number);
}

/**
 * Final values of each method, highest mean first: a box from the quarter to three quarters with the median, and what lies far
 * out; single ticks where there are few. Values far below all others are not drawn but counted at the left edge.
 * @param column whose values are drawn, in percent
 * @param optimum the table's best value, a line; null where it is not known
 */
export function distributionChart(methods: readonly ChartMethod[], column: string, optimum: number | null): Html {
  const rows = rowsOf(methods, column);
  if (rows.length === 0) return noChart(`No finished run has a value of ${column}.`);
  const best = rows.reduce((most, { values }) => Math.max(most, values.at(-1) as number), optimum ?? 0);
  const start = axisStart(rows, best);
  const margin = best > start ? (best - start) * 0.02 : 0.5;
  const inside = rows.map((row) => ({ ...row, values: row.values.filter((value) => value >= start) }));
  const dots = inside.flatMap(({ id, values, colour }) => values.map((value) => ({ id, value, colour, values })));
  const outside = rows.flatMap(({ id, values }) => {
    const count = values.filter((value) => value < start).length;
    return count === 0 ? [] : [{ id, note: `◂ ${count} lower, from ${(values[0] as number).toFixed(1)}` }];
  });
  const longest = rows.reduce((length, { title }) => Math.max(length, shortName(title, LONGEST_NAME).length), 0);
  const height = TOP + BOTTOM + ROW_HEIGHT * rows.length;
  const isBoxed = ({ values }: { values: readonly number[] }) => values.length >= FEWEST_BOXED;
  const optimumText = optimum === null ? "" : ` The dashed line is the table's best value, ${optimum.toFixed(2)}.`;
  return plotSvg(
    {
      height,
      marginTop: TOP,
      marginBottom: BOTTOM,
      marginLeft: Math.round(Math.max(110, 16 + LETTER_WIDTH * longest)),
      marginRight: 22,
      x: { domain: [start - margin, best + margin], label: null },
      y: { domain: rows.map(({ id }) => id), axis: null },
      marks: [
        gridX({ ticks: 5 }),
        axisX({ ticks: 5, label: null }),
        ...(optimum === null ? [] : [ruleX([optimum], { stroke: "currentColor", strokeDasharray: "4 3" })]),
        text(rows, {
          y: "id",
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          text: ({ title }: Row) => shortName(title, LONGEST_NAME),
        }),
        boxX(dots.filter(isBoxed), {
          x: "value",
          y: "id",
          fill: "colour",
          fillOpacity: 0.4,
          stroke: "currentColor",
          r: 1.5,
        }),
        tickX(
          dots.filter((dot) => !isBoxed(dot)),
          { x: "value", y: "id", stroke: "colour", strokeWidth: 3, insetTop: 3, insetBottom: 3 },
        ),
        text(outside, { y: "id", frameAnchor: "left", textAnchor: "start", dx: 3, text: "note", fontSize: 12 }),
      ],
    },
    {
      title: `Final results: ${column}`,
      text: `Values of all finished runs, by descending mean: ${rows.map(({ title, mean, values }) => `${title} ${mean.toFixed(2)} (${values.length} runs)`).join(", ")}.${optimumText}`,
    },
    [belowAxis(`${column} in percent${optimum === null ? "" : ", dashed: the best there is"}`, height - 8)],
  );
}
