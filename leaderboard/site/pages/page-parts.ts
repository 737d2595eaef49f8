import { formatArchitecture } from "../../../core/space/codec.ts";
import { Html, html } from "../../generator/html.ts";
import { architecturePath, type Root } from "../links.ts";

type Content = Html | string | number | null;

/** Text with its https addresses as links. */
export function linkedText(text: string): Html {
  // Splitting by a group puts the addresses at the odd positions.
  const parts = text.split(/(https:\/\/[^\s<>"']*[^\s<>"'.,;)])/);
  return html`${parts.map((part, at) => (at % 2 === 0 ? part : html`<a href="${part}">${part}</a>`))}`;
}

/** A link to an address of others: only where it is http or https, else the address as text. */
export function outsideLink(address: string, text: string): Html {
  return /^https?:\/\//.test(address) ? html`<a href="${address}">${text}</a>` : html`${text} (${address})`;
}

/** Paragraphs as a list; null without any. */
export function noteList(notes: readonly string[]): Html | null {
  if (notes.length === 0) return null;
  return html`<ul class="notes">
${notes.map(
  (note) => html`<li>${linkedText(note)}</li>
`,
)}</ul>`;
}

/** Commands to copy, one a line. */
export function commandBlock(commands: readonly string[]): Html {
  return html`<pre class="command" tabindex="0"><code>${commands.join("\n")}</code></pre>`;
}

/** What is known of a thing: a term and what it is; facts that are null are left out. */
export function factList(facts: readonly (readonly [term: string, value: Content])[]): Html {
  const known = facts.filter(([, value]) => value !== null && value !== "");
  return html`<dl class="facts">
${known.map(
  ([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>
`,
)}</dl>`;
}

/** A section with a heading that can be linked to. */
export function pageSection(id: string, heading: string, content: readonly (Html | null)[]): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${content}
</section>
`;
}

/** A row of a plain table: its cells, the first of which is its head. */
export interface PlainRow {
  /** Anchor of the row. */
  readonly id?: string;
  readonly cells: readonly Content[];
}

/** Figures stand at the right edge of their columns, words at the left one. */
function isFigure(cell: Content): boolean {
  // Long tables are looked through for a figure: digits at a link's end are found without a look at the rest of it.
  if (cell instanceof Html) return /\d<\/a>$/.test(cell.text.slice(-5)) && /^<a href="[^"]*">\d+<\/a>$/.test(cell.text);
  return typeof cell === "number" || (typeof cell === "string" && /^[\d+−–[-][\d\s.,%±–[\]to]*$/.test(cell));
}

/**
 * A table in a region of its own that can be scrolled. Columns in which there is nothing are left out.
 * @param heads one a column
 * @param kind "long": every cell without markup is a figure, and none says so, since there are many
 */
export function plainTable(
  id: string,
  caption: string,
  heads: readonly string[],
  rows: readonly PlainRow[],
  kind: "short" | "long" = "short",
): Html {
  const shown = [...heads.keys()].filter((at) => at === 0 || rows.some(({ cells }) => (cells[at] ?? null) !== null));
  const isNumeric = (at: number) => at > 0 && rows.some(({ cells }) => isFigure(cells[at] ?? null));
  return html`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table class="${kind === "long" ? "plain long" : "plain"}">
<caption id="${id}"><span>${caption}</span></caption>
<thead><tr>${shown.map((at) => (isNumeric(at) ? html`<th scope="col" class="number">${heads[at] ?? null}</th>` : html`<th scope="col">${heads[at] ?? null}</th>`))}</tr></thead>
<tbody>
${rows.map(({ id: anchor, cells }) => {
  const [first, ...others] = shown.map((at) => cells[at] ?? null);
  const named = anchor === undefined ? null : html` id="${anchor}"`;
  return html`<tr${named}><th scope="row">${first ?? null}</th>${others.map((cell) => (kind === "short" && isFigure(cell) ? html`<td class="number">${cell}</td>` : html`<td>${cell}</td>`))}</tr>
`;
})}</tbody>
</table>
</div>
`;
}

/** A link to an architecture's page. */
export function architectureLink(index: number, root: Root): Html {
  return html`<a href="${root}${architecturePath(index)}">${index}</a>`;
}

/** An architecture's string as code. */
export function architectureString(index: number): Html {
  return html`<code>${formatArchitecture(index)}</code>`;
}

/** `3 runs`, `1 run`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
