import { type Html, html } from "../../generator/html.ts";
import type { ShownRun } from "../site-model.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 260, 48, 12, 10, 34];

/** A point of a run: simulated ms and validation accuracy in percent. */
type Point = readonly [ms: number, percent: number];

function pointsOf({ incumbents }: ShownRun): Point[] {
  return incumbents.map(([, ms, , accuracy]) => [ms, accuracy / 10_000]);
}

/** A step line through places, whole units and relative to the last one: of 500 runs these few bytes make most of a page. */
function stepPath(places: readonly (readonly [x: number, y: number])[], end: number): string {
  const [[firstX, firstY] = [0, 0], ...others] = places.map(([x, y]) => [Math.round(x), Math.round(y)] as const);
  let [atX, atY] = [firstX, firstY];
  let path = `M${atX} ${atY}`;
  for (const [x, y] of others) {
    if (x !== atX) path += `h${x - atX}`;
    if (y !== atY) path += `v${y - atY}`;
    [atX, atY] = [x, y];
  }
  const rest = Math.round(end) - atX;
  return rest === 0 ? path : `${path}h${rest}`;
}

/** A whole number of tens of seconds: 1, 10, 100, … between two times. */
function decades(first: number, last: number): number[] {
  const found: number[] = [];
  for (let ms = 1; ms <= last; ms *= 10) if (ms >= first) found.push(ms);
  return found;
}

/**
 * The validation accuracy of each run's best architecture so far, by simulated time: one path with a step line for every run,
 * since an element a run would make the page large. null where no run evaluated anything.
 */
export function trajectoryChart(runs: readonly ShownRun[]): Html | null {
  const lines = runs.map(pointsOf).filter((points) => points.length > 0);
  const points = lines.flat();
  if (points.length === 0) return null;
  const first = points.reduce((least, [ms]) => Math.min(least, Math.max(1, ms)), Number.POSITIVE_INFINITY);
  const last = points.reduce((most, [ms]) => Math.max(most, ms), first + 1);
  const sorted = points.map(([, percent]) => percent).sort((a, b) => a - b);
  // The first guesses of some runs are so bad that the rest would be a line at the top.
  const low = sorted[Math.floor(sorted.length * 0.1)] as number;
  const high = sorted.at(-1) as number;
  const span = Math.max(high - low, 0.01);
  const x = (ms: number) =>
    LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(Math.max(1, ms) / first)) / Math.max(Math.log(last / first), 1e-9);
  const y = (percent: number) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - Math.max(percent, low))) / span;
  const path = lines
    .map((line) =>
      stepPath(
        line.map(([ms, percent]) => [x(ms), y(percent)]),
        x(last),
      ),
    )
    .join("");
  const levels = [low, (low + high) / 2, high];
  const opacity = Math.max(0.06, Math.min(0.9, 8 / lines.length)).toFixed(2);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-size="12" fill="currentColor"><title>Trajectories of ${lines.length} runs</title><desc>From ${low.toFixed(2)} to ${high.toFixed(2)} percent validation accuracy; accuracies below are drawn at the lower edge.</desc>
${levels.map(
  (level) =>
    html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(level).toFixed(1)}" y2="${y(level).toFixed(1)}" stroke="currentColor" stroke-opacity="0.15"/><text x="${LEFT - 6}" y="${(y(level) + 4).toFixed(1)}" text-anchor="end">${level.toFixed(1)}</text>
`,
)}${decades(first, last).map(
  (ms) =>
    html`<line x1="${x(ms).toFixed(1)}" x2="${x(ms).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="currentColor" stroke-opacity="0.15"/><text x="${x(ms).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${ms / 1000}</text>
`,
)}<text x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">simulated seconds →</text>
<path d="${path}" fill="none" stroke="currentColor" stroke-opacity="${opacity}"/></svg>`;
}
