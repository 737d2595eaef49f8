import { type Html, html } from "../../generator/html.ts";
import type { Figure } from "../charts/figures.ts";
import { pageSection } from "./page-parts.ts";

/** Headings by the beginning of a figure's name, in the order of the sections. */
const KINDS: readonly (readonly [prefix: string, heading: string])[] = [
  ["any-time", "Any-time curves"],
  ["distribution", "Final results"],
  ["differences", "Which rows are told apart"],
  ["pareto", "Accuracy and cost"],
  ["overlap", "Final architectures in common"],
  ["landscape", "Landscape"],
  ["correlation", "Correlations"],
];

/** Figures with their captions, side by side where there is room. */
export function figureGrid(figures: readonly Figure[]): Html {
  return html`<div class="figures">
${figures.map(
  ({ caption, chart }) => html`<figure class="chart">${chart}<figcaption>${caption}</figcaption></figure>
`,
)}</div>`;
}

/** Figures with their captions, a section a kind. */
export function figureSections(figures: readonly Figure[]): Html {
  return html`${KINDS.map(([prefix, heading]) => {
    const own = figures.filter(({ name }) => name === prefix || name.startsWith(`${prefix}-`));
    if (own.length === 0) return null;
    return pageSection(`figures-${prefix}`, heading, [figureGrid(own)]);
  })}`;
}
