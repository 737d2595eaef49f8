import { type Html, html } from "../../generator/html.ts";
import type { NamedCell } from "../../generator/leaderboard.ts";
import { architecturePath, type Root } from "../links.ts";

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
