import { type Html, html } from "../generator/html.ts";
import type { SiteAssets } from "./asset-files.ts";

/** A place on the way from the overview to a page. */
export interface TrailStep {
  readonly label: string;
  /** Relative address; null for the page itself. */
  readonly href: string | null;
}

/** What a page shows between header and footer. */
export interface PageContent {
  /** Text of the document's title and of its only h1, which the page puts above `main`. */
  readonly title: string;
  /** Way from the page to the folder of index.html. */
  readonly root: "" | "../";
  /** From the overview to the page itself, which is last and has no address; empty on the overview. */
  readonly trail: readonly TrailStep[];
  readonly main: Html;
}

/** The page's content security policy: it loads files of its own folder only, and runs no script and has no style but these. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function trailHtml(trail: readonly TrailStep[]): Html | null {
  // The page itself alone: the masthead already leads to the overview.
  if (trail.every(({ href }) => href === null)) return null;
  const step = ({ label, href }: TrailStep) =>
    href === null ? html`<span aria-current="page">${label}</span>` : html`<a href="${href}">${label}</a>`;
  return html`<nav class="trail" aria-label="Breadcrumb">
<ol>
${trail.map(
  (entry) => html`<li>${step(entry)}</li>
`,
)}</ol>
</nav>
`;
}

/** A page of the site: whole without script, and the same bytes for the same content. */
export function renderPage({ title, root, trail, main }: PageContent, assets: SiteAssets): string {
  const outputs = ["md", "csv", "tex", "json", "bib"] as const;
  const names = { md: "Markdown", csv: "CSV", tex: "LaTeX", json: "JSON", bib: "BibTeX" } as const;
  // The script is not deferred: it sets the chosen theme before anything is painted, and waits for the rest by itself.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}assets/${assets.style.name}">
<script src="${root}assets/${assets.script.name}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<div class="masthead"><a class="home" href="${root}index.html">nas-harness leaderboard</a></div>
${trailHtml(trail)}</header>
<main id="content">
<h1>${title}</h1>
${main}
</main>
<footer>
<p>Made by nas-harness. All tables as ${outputs.map(
    (kind, at) => html`${at === 0 ? "" : ", "}<a href="${root}leaderboard.${kind}">${names[kind]}</a>`,
  )}.</p>
</footer>
</body>
</html>
`.text;
}
