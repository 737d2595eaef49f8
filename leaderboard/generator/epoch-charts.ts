import type { EpochCurve } from "./epoch-curves.ts";
import { type Html, html } from "./html.ts";

/** Size of a chart in CSS pixels, and the margins of its plot. */
const WIDTH = 260;
const HEIGHT = 130;
const LEFT = 30;
const BOTTOM = 18;
const TOP = 6;
const RIGHT = 6;

const x = (at: number, epochs: number) => LEFT + ((WIDTH - LEFT - RIGHT) * at) / Math.max(1, epochs - 1);
const y = (percent: number) => TOP + ((HEIGHT - TOP - BOTTOM) * (100 - percent)) / 100;

function polyline(values: readonly number[], kind: string): Html {
  const points = values.map((value, at) => `${x(at, values.length).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return html`<polyline class="${kind}" points="${points}"/>`;
}

function gridLine(percent: number): Html {
  return html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(percent)}" y2="${y(percent)}"/><text x="${LEFT - 4}" y="${y(percent) + 4}" text-anchor="end">${percent}</text>`;
}

/** One method's chart: percent over epochs. */
function chart({ method, runs, epochs, trainAccuracy, skipShare }: EpochCurve): Html {
  const last = (values: readonly number[]) => `${(values.at(-1) ?? 0).toFixed(0)} %`;
  const accuracy = trainAccuracy === null ? "" : ` and a training accuracy of ${last(trainAccuracy)}`;
  const label = `${method}: at the end ${last(skipShare)} skip connections${accuracy}`;
  return html`<figure>
<figcaption>${method} <small>${runs} ${runs === 1 ? "run" : "runs"}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${[0, 50, 100].map(gridLine)}
<text x="${LEFT}" y="${HEIGHT - 3}">1</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 3}" text-anchor="end">epoch ${epochs}</text>
${trainAccuracy === null ? null : polyline(trainAccuracy, "accuracy")}
${polyline(skipShare, "skips")}
</svg>
</figure>
`;
}

/** The section with a chart for each method that trained; null without any. */
export function epochSection(curves: readonly EpochCurve[]): Html | null {
  if (curves.length === 0) return null;
  return html`<section aria-labelledby="epochs">
<h2 id="epochs">Searches that train, epoch by epoch</h2>
<p>In percent, means over the runs: <span class="key accuracy">accuracy of the supernet on training batches</span> and <span class="key skips">share of skip connections among the six edges of the cell that the method would answer</span>.</p>
<div class="charts">
${curves.map(chart)}</div>
</section>
`;
}
