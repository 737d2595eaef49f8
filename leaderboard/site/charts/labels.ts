import { type Html, html } from "../../generator/html.ts";
import { CHART_WIDTH, LETTER_WIDTH, shortName } from "./plot-svg.ts";

/** Height of a line of a legend. */
const LINE_HEIGHT = 20;
const SWATCH = 20;

/** An entry of a legend. */
export interface LegendEntry {
  readonly title: string;
  readonly colour: string;
}

/** The name of the horizontal axis, in the middle of the whole chart, so that no margin makes it run out of it. */
export function belowAxis(text: string, y: number): Html {
  return html`<text data-mark="below" x="${CHART_WIDTH / 2}" y="${y}">${shortName(text, Math.floor(CHART_WIDTH / LETTER_WIDTH))}</text>`;
}

/** The name of the vertical axis, above it, where it can be read without turning one's head. */
export function aboveAxis(text: string): Html {
  return html`<text data-mark="above" x="4" y="15" text-anchor="start">${shortName(text, Math.floor(CHART_WIDTH / LETTER_WIDTH))}</text>`;
}

const columnsOf = (entries: readonly LegendEntry[]) => {
  const room = CHART_WIDTH / 2 / LETTER_WIDTH - 4;
  return entries.every(({ title }) => title.length <= room) ? 2 : 1;
};

/** Height that {@link legend} takes. */
export function legendHeight(entries: readonly LegendEntry[]): number {
  return Math.ceil(entries.length / columnsOf(entries)) * LINE_HEIGHT;
}

/** Names of lines below a chart, column by column; two columns where all are short. @param top where it begins */
export function legend(entries: readonly LegendEntry[], top: number): Html {
  const columns = columnsOf(entries);
  const lines = Math.ceil(entries.length / columns);
  const items = entries.map(({ title, colour }, at) => {
    const x = 8 + (CHART_WIDTH / 2) * Math.floor(at / lines);
    const y = top + LINE_HEIGHT * (at % lines) + LINE_HEIGHT / 2;
    const name = shortName(title, Math.floor((CHART_WIDTH / columns - SWATCH - 24) / LETTER_WIDTH));
    return html`<line x1="${x}" x2="${x + SWATCH}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="4"/><text x="${x + SWATCH + 8}" y="${y + 5}">${name}</text>`;
  });
  return html`<g data-mark="legend" text-anchor="start">${items}</g>`;
}
