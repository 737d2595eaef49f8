import { Html, html } from "../../generator/html.ts";
import { columnTitle, type TableColumn, type TableFacts } from "../table-facts.ts";
import { ACCENT } from "./colours.ts";
import { type ErrorScale, errorScale } from "./error-scale.ts";
import { aboveAxis, belowAxis } from "./labels.ts";
import { CHART_WIDTH, noChart, svgStart } from "./plot-svg.ts";

const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [48, 16, 30, 48, 440] as const;
/** Dots have whole coordinates, so that the many that coincide are drawn once: numbers of architectures on one place from which its dot is darker, with the opacities. */
const SHADES = [
  { from: 1, opacity: 0.5 },
  { from: 3, opacity: 0.75 },
  { from: 10, opacity: 1 },
] as const;

/** What a landscape shows: two columns of one dataset. */
export interface LandscapePair {
  readonly across: TableColumn;
  readonly up: TableColumn;
}

const hasValues = ({ values }: TableColumn) => values.some((value) => !Number.isNaN(value));

/**
 * For each dataset with both: the validation accuracy of its shortest recipe, which searches see, and the test accuracy of its
 * longest, which is reported. In NAS-Bench-201 cifar10-valid has both, too.
 */
export function landscapePairs({ columns }: TableFacts): LandscapePair[] {
  const datasets = [...new Set(columns.map(({ dataset }) => dataset))];
  return datasets.flatMap((dataset) => {
    const own = columns.filter((column) => column.dataset === dataset && hasValues(column));
    const valid = own.filter(({ split }) => split === "valid");
    const across = valid.find(({ isLongest }) => !isLongest) ?? valid[0];
    const up = own.find(({ split, isLongest }) => split === "test" && isLongest);
    return across === undefined || up === undefined ? [] : [{ across, up }];
  });
}

/** Where an axis begins: below all but this share of the values, which would leave the others no room. */
const SHARE_AT_EDGE = 0.03;

/** The first value that the axis shows in its place, the lowest and the highest. */
function extentOf(values: Float64Array) {
  const sorted = values.slice().sort();
  const from = sorted[Math.floor(sorted.length * SHARE_AT_EDGE)] as number;
  return { lowest: sorted[0] as number, from, highest: sorted.at(-1) as number };
}

/** Dots of the same shade as one path: lines of no length with round ends, each relative to the one before. */
function dotsPath(places: readonly (readonly [x: number, y: number])[]): string {
  let [x, y] = [0, 0];
  return places
    .map(([nextX, nextY]) => {
      const move = `m${nextX - x}${nextY - y < 0 ? "" : " "}${nextY - y}h0`;
      [x, y] = [nextX, nextY];
      return move;
    })
    .join("");
}

function axes(across: ErrorScale, up: ErrorScale): Html {
  const [right, bottom] = [CHART_WIDTH - RIGHT, HEIGHT - BOTTOM];
  const xTicks = across.ticks.map(({ accuracy, place }) => {
    const x = (LEFT + (right - LEFT) * place).toFixed(1);
    return html`<line x1="${x}" x2="${x}" y1="${TOP}" y2="${bottom}" stroke="currentColor" stroke-opacity="0.1"/><text x="${x}" y="${bottom + 18}">${accuracy}</text>`;
  });
  const yTicks = up.ticks.map(({ accuracy, place }) => {
    const y = bottom - (bottom - TOP) * place;
    return html`<line x1="${LEFT}" x2="${right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="currentColor" stroke-opacity="0.1"/><text x="${LEFT - 6}" y="${(y + 5).toFixed(1)}" text-anchor="end">${accuracy}</text>`;
  });
  return html`<g data-mark="axes">${xTicks}${yTicks}</g>`;
}

/**
 * The landscape of a table: every architecture a dot, one accuracy against another, on scales on which each halving of the
 * error takes the same room. Dots that coincide are one darker dot; the lowest few percent are drawn at the edges.
 * @param facts whose columns `pair` is of
 */
export function landscapeChart(facts: TableFacts, { across, up }: LandscapePair): Html {
  const both = [...across.values.keys()].filter(
    (at) => !Number.isNaN(across.values[at]) && !Number.isNaN(up.values[at]),
  );
  if (both.length === 0) return noChart("No architecture has both accuracies.");
  const pick = (values: Float64Array) => Float64Array.from(both, (at) => values[at] as number);
  const [xs, ys] = [pick(across.values), pick(up.values)];
  const [x, y] = [extentOf(xs), extentOf(ys)];
  const [xScale, yScale] = [errorScale(x.from, x.highest), errorScale(y.from, y.highest)];
  const atEdge = both.filter((_, at) => (xs[at] as number) < x.from || (ys[at] as number) < y.from).length;
  const [right, bottom] = [CHART_WIDTH - RIGHT, HEIGHT - BOTTOM];
  const counts = new Map<number, number>();
  xs.forEach((value, at) => {
    const across = Math.round(LEFT + (right - LEFT) * Math.max(0, xScale.place(value)));
    const down = Math.round(bottom - (bottom - TOP) * Math.max(0, yScale.place(ys[at] as number)));
    const cell = across * HEIGHT + down;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  const cells = [...counts].sort(([a], [b]) => a - b);
  const paths = SHADES.map(({ from, opacity }, at) => {
    const below = SHADES[at + 1]?.from ?? Number.POSITIVE_INFINITY;
    const places = cells.filter(([, count]) => count >= from && count < below);
    return html`<path d="${dotsPath(places.map(([cell]) => [Math.trunc(cell / HEIGHT), cell % HEIGHT]))}" stroke="${ACCENT}" stroke-opacity="${opacity}" stroke-width="2.4" stroke-linecap="round" fill="none"/>`;
  });
  const what = facts.isByClass ? "classes of isomorphic architectures" : "architectures";
  const edgeText = atEdge === 0 ? "" : ` ${atEdge} lower ones are drawn at the edge.`;
  const start = svgStart(CHART_WIDTH, HEIGHT, {
    title: `Landscape: ${columnTitle(across)} against ${columnTitle(up)}`,
    text: `${both.length} ${what}, each a dot: ${columnTitle(across)} from ${x.lowest.toFixed(2)} to ${x.highest.toFixed(2)} across, ${columnTitle(up)} from ${y.lowest.toFixed(2)} to ${y.highest.toFixed(2)} upwards.${edgeText}`,
  });
  const body = html`${axes(xScale, yScale)}<g data-mark="dots">${paths}</g>${aboveAxis(`${columnTitle(up)}, percent`)}${belowAxis(`${columnTitle(across)}, percent${atEdge === 0 ? "" : ` (${atEdge} at the edges)`}`, HEIGHT - 8)}</svg>`;
  return new Html(start + body.text);
}
