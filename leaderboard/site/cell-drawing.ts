import { type Architecture, formatArchitecture, operationsOf } from "../../core/space/codec.ts";
import { EDGES, type Operation } from "../../core/space/operations.ts";
import { usedEdges } from "../../core/space/reachability.ts";
import { type Html, html } from "../generator/html.ts";

/** Places of the four nodes on one line, in the drawing's units. */
const NODE_X = [26, 162, 298, 434] as const;
const NODE_Y = 132;
const RADIUS = 17;
const NODE_NAMES = ["in", "1", "2", "out"] as const;

/** How far above the line of nodes an edge bends, by edge; neighbours are joined straight. */
const RISE = [0, 44, 0, 88, -44, 0] as const;

const SHORT_NAMES: Readonly<Record<Operation, string>> = {
  none: "none",
  skip_connect: "skip",
  nor_conv_1x1: "conv 1×1",
  nor_conv_3x3: "conv 3×3",
  avg_pool_3x3: "pool 3×3",
};

/** Widths of lines: the more an operation computes the stronger it is. */
const LINE_WIDTHS: Readonly<Record<Operation, number>> = {
  none: 1,
  skip_connect: 1.3,
  avg_pool_3x3: 1.3,
  nor_conv_1x1: 2.2,
  nor_conv_3x3: 3.4,
};

interface Place {
  readonly x: number;
  readonly y: number;
}

const shown = ({ x, y }: Place) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** The place at a distance from one place towards another. */
function towards(from: Place, to: Place, distance: number): Place {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const share = distance / Math.sqrt(dx * dx + dy * dy);
  return { x: from.x + dx * share, y: from.y + dy * share };
}

/** A triangle that points from a bend at a place. */
function arrowHead(bend: Place, tip: Place): string {
  const back = towards(tip, bend, 9);
  const [sideX, sideY] = [(tip.y - back.y) / 2, (back.x - tip.x) / 2];
  const corners = [tip, { x: back.x + sideX, y: back.y + sideY }, { x: back.x - sideX, y: back.y - sideY }];
  return `M${corners.map(shown).join("L")}Z`;
}

function edgeDrawing(edge: number, operation: Operation, isUsed: boolean): Html {
  const { from, to } = EDGES[edge] as (typeof EDGES)[number];
  const rise = RISE[edge] as number;
  const start = { x: NODE_X[from] as number, y: NODE_Y };
  const end = { x: NODE_X[to] as number, y: NODE_Y };
  const middle = (start.x + end.x) / 2;
  const bend = { x: middle, y: NODE_Y - 2 * rise };
  const tip = towards(end, bend, RADIUS + 2);
  const [first, last] = [towards(start, bend, RADIUS), towards(end, bend, RADIUS + 8)];
  const line = `M${shown(first)}Q${shown(bend)} ${shown(last)}`;
  // A quadratic curve passes half-way between its control point and the middle of its ends.
  const textY = (first.y + 2 * bend.y + last.y) / 4 + (rise < 0 ? 18 : -8);
  const dashes = operation === "none" ? "1 5" : isUsed ? "none" : "6 5";
  const name = isUsed || operation === "none" ? SHORT_NAMES[operation] : `(${SHORT_NAMES[operation]})`;
  return html`<g opacity="${isUsed ? 1 : 0.7}"><path d="${line}" fill="none" stroke="currentColor" stroke-width="${LINE_WIDTHS[operation]}" stroke-dasharray="${dashes}"/>${
    operation === "none" ? null : html`<path d="${arrowHead(bend, tip)}" fill="currentColor"/>`
  }<text x="${middle}" y="${textY.toFixed(1)}">${name}</text></g>`;
}

/**
 * A cell as a graph: the four nodes on a line, an arrow for each edge with its operation's name; the stronger the line, the
 * more the operation computes. What is on no path from input to output is dashed and in parentheses, `none` is dotted. The
 * colour is that of the text around.
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function cellDrawing(architecture: Architecture): Html {
  const operations = operationsOf(architecture);
  const used = usedEdges(architecture);
  const edges = operations.map((operation, edge) => edgeDrawing(edge, operation, used[edge] as boolean));
  const nodes = NODE_X.map(
    (x, node) =>
      html`<circle cx="${x}" cy="${NODE_Y}" r="${RADIUS}" fill="currentColor" fill-opacity="0.1" stroke="currentColor" stroke-width="1.3"/><text x="${x}" y="${NODE_Y + 5}">${NODE_NAMES[node] as string}</text>`,
  );
  const unused = used.filter((isUsed, edge) => !isUsed && operations[edge] !== "none").length;
  const remark = unused === 0 ? "" : ` ${unused} of its operations are on no path from input to output.`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="cell" role="img" viewBox="0 0 460 216" width="460" height="216" font-family="system-ui, sans-serif" font-size="14" text-anchor="middle" fill="currentColor"><title>Cell of architecture ${architecture}</title><desc>${formatArchitecture(architecture)}.${remark}</desc>${edges}${nodes}</svg>`;
}
