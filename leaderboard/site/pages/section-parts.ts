import { type Html, html } from "../../generator/html.ts";
import type { NamedCell, Section } from "../../generator/leaderboard.ts";
import { architecturePath, type Root } from "../links.ts";

/** By which column a section's rows are ranked, and what stands below them; null without ranks. */
export function rankingText(section: Section): Html | null {
  const column = section.columns.find(({ name }) => name === section.rankedBy);
  if (column === undefined) return null;
  const companions = section.groups.some(({ published }) => published.length > 0)
    ? " Below a row stands the published row of the same method; Δ is the difference between them."
    : "";
  return html`<p>Ranked by ${column.dataset} ${column.split}.${companions}</p>
`;
}

/** The cells that a section names, with their strings. */
export function cellList(cells: readonly NamedCell[], root: Root): Html | null {
  if (cells.length === 0) return null;
  return html`<dl class="cells">
${cells.map(
  ({ architecture, text }) =>
    html`<dt><a href="${root}${architecturePath(architecture)}">cell ${architecture}</a></dt><dd><code>${text}</code></dd>
`,
)}</dl>
`;
}
