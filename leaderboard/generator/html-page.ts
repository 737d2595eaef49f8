import { createHash } from "node:crypto";
import { epochSection } from "./epoch-charts.ts";
import { Html, html } from "./html.ts";
import { sectionTable } from "./html-table.ts";
import type { Leaderboard, NamedCell, Section } from "./leaderboard.ts";
import { RERUN_COMMANDS } from "./notes.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** The source expression of inline code in a content security policy. */
function hashSource(code: string): string {
  return `'sha256-${createHash("sha256").update(code).digest("base64")}'`;
}

/** Only this page's own style and script may run: markup that slipped in could load and execute nothing. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashSource(PAGE_STYLE)}`,
  `script-src ${hashSource(PAGE_SCRIPT)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function noteList(notes: readonly string[]): Html | null {
  if (notes.length === 0) return null;
  return html`<ul class="notes">
${notes.map(
  (note) => html`<li>${note}</li>
`,
)}</ul>`;
}

function cellList(cells: readonly NamedCell[]): Html | null {
  if (cells.length === 0) return null;
  return html`<dl class="cells">
${cells.map(
  ({ architecture, text }) => html`<dt>cell ${architecture}</dt><dd><code>${text}</code></dd>
`,
)}</dl>
`;
}

function sectionHtml(section: Section, board: Leaderboard): Html {
  const column = section.columns.find(({ name }) => name === section.rankedBy);
  const companions = section.groups.some(({ published }) => published.length > 0)
    ? " Below a row stands the published row of the same method; Δ is the difference between them."
    : "";
  const ranking =
    column === undefined
      ? null
      : html`<p>Ranked by ${column.dataset} ${column.split}.${companions}</p>
`;
  return html`<section aria-labelledby="${section.id}">
<h2 id="${section.id}">${section.heading}</h2>
${ranking}${sectionTable(section, board.extraColumns)}
${noteList(section.notes)}
${cellList(section.cells)}</section>
`;
}

function missingHtml(board: Leaderboard): Html | null {
  const unfinished =
    board.unfinished.length === 0
      ? null
      : html`<p>Not finished yet, so not in any table: ${board.unfinished.join(", ")}. The same run command with --resume goes on.</p>
`;
  if (board.sections.some(({ kind }) => kind === "re-run")) return unfinished;
  return html`<section aria-labelledby="re-runs">
<h2 id="re-runs">No re-runs yet</h2>
<p>This page shows what was published. These commands run five methods 500 times each, on the table that comes with nas-harness, and write this page anew:</p>
<pre><code>${RERUN_COMMANDS.join("\n")}</code></pre>
${unfinished}</section>
`;
}

/** The leaderboard as one HTML file that loads nothing from anywhere and is whole without its script. */
export function renderHtml(board: Leaderboard): string {
  const links = board.sections.map(
    ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>
`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${board.title}</title>
<link rel="icon" href="data:,">
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${board.title}</h1>
<p>Search methods re-run by nas-harness under one protocol, next to the rows that were published. Every re-run can be repeated to the last digit.</p>
<nav aria-label="On this page">
<ul>
${links}${
  board.epochCurves.length === 0
    ? null
    : html`<li><a href="#epochs">Searches that train</a></li>
`
}<li><a href="#reading">How to read this page</a></li>
<li><a href="#comparison">On comparing with the published rows</a></li>
</ul>
</nav>
</header>
<main>
${missingHtml(board)}${board.sections.map((section) => sectionHtml(section, board))}${epochSection(board.epochCurves)}<section aria-labelledby="reading">
<h2 id="reading">How to read this page</h2>
${noteList(board.reading)}
</section>
<section aria-labelledby="comparison">
<h2 id="comparison">On comparing with the published rows</h2>
${noteList(board.comparison)}
</section>
</main>
<footer>
<p>Made by nas-harness. The same tables: <a href="leaderboard.md">Markdown</a>, <a href="leaderboard.csv">CSV</a>, <a href="leaderboard.tex">LaTeX</a>, <a href="leaderboard.json">JSON</a>.</p>
</footer>
<script>${new Html(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}
