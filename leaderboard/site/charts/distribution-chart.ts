import { boxX, type PlotOptions, ruleX, tickX } from "@observablehq/plot";
import type { Html } from "../../generator/html.ts";
import { colourAt } from "./colours.ts";
import { plotSvg } from "./plot-svg.ts";

/** A method's final values, in percent. */
export interface NamedValues {
  readonly title: string;
  readonly values: readonly number[];
}

/** Fewest values that a box can stand for; fewer are shown one by one. */
const FEWEST_BOXED = 8;

/**
 * Final values of each method: a box from the quarter to three quarters with the median, and what lies far out; single ticks
 * where there are few.
 * @param optimum the table's best value, a line; null where it is not known
 */
export function distributionChart(methods: readonly NamedValues[], optimum: number | null, label: string): Html {
  const shown = methods.filter(({ values }) => values.length > 0);
  const rows = shown.flatMap(({ title, values }) =>
    values.map((value) => ({ title, value, many: values.length >= FEWEST_BOXED })),
  );
  const domain = shown.map(({ title }) => title);
  const longest = domain.reduce((most, { length }) => Math.max(most, length), 0);
  const options: PlotOptions = {
    width: 720,
    height: 50 + 26 * shown.length,
    marginLeft: Math.min(240, 20 + 7 * longest),
    marginRight: 20,
    marginBottom: 40,
    x: { label: `${label} in percent →`, grid: true, nice: true },
    y: { domain, label: null },
    color: { domain, range: domain.map((_, at) => colourAt(at)) },
    marks: [
      ...(optimum === null ? [] : [ruleX([optimum], { stroke: "currentColor", strokeDasharray: "4 3" })]),
      boxX(
        rows.filter(({ many }) => many),
        { x: "value", y: "title", fill: "title", fillOpacity: 0.35, stroke: "currentColor", r: 1.5 },
      ),
      tickX(
        rows.filter(({ many }) => !many),
        { x: "value", y: "title", stroke: "title", strokeWidth: 2 },
      ),
    ],
  };
  const best = optimum === null ? "" : ` The dashed line is the table's best value, ${optimum.toFixed(2)}.`;
  return plotSvg(options, {
    title: `Final results: ${label}`,
    text: `Values of all finished runs of ${shown.length} methods, by descending mean.${best}`,
  });
}
