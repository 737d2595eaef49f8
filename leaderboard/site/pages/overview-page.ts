import { epochSection } from "../../generator/epoch-charts.ts";
import { type Html, html } from "../../generator/html.ts";
import type { Leaderboard, Section } from "../../generator/leaderboard.ts";
import { RERUN_COMMANDS } from "../../generator/notes.ts";
import { benchmarkTable, sectionTable } from "../benchmark-table.ts";
import { bibtexEntry } from "../bibtex.ts";
import { benchmarkPath, tablePath } from "../links.ts";
import { renderPage } from "../page.ts";
import type { PageContext } from "../page-context.ts";
import type { SiteBenchmark, SiteTable } from "../site-model.ts";
import { commandBlock, countOf, linkedText, noteList, pageSection } from "./page-parts.ts";
import { cellList } from "./section-parts.ts";
import { standingSummary } from "./standing-summary.ts";

/** Most rows of the main benchmark that the overview shows; the benchmark's own page has all. */
const MOST_ROWS = 40;

/** The benchmark that most methods were run on, the first of equals; null without any. */
export function mainBenchmark(benchmarks: readonly SiteBenchmark[]): SiteBenchmark | null {
  return benchmarks.reduce<SiteBenchmark | null>(
    (best, one) => (best === null || one.results.length > best.results.length ? one : best),
    null,
  );
}

/** A benchmark with its best rows only. */
function withFirstRows(benchmark: SiteBenchmark, rows: number): SiteBenchmark {
  const { section, results } = benchmark;
  if (results.length <= rows) return benchmark;
  const computed = section.groups.filter(({ row }) => row.origin === "computed");
  const groups = section.groups.filter(({ row }) => row.origin !== "computed").slice(0, rows);
  const shown = new Set(groups.map(({ row }) => row));
  return {
    ...benchmark,
    section: { ...section, groups: [...groups, ...computed] },
    results: results.filter(({ row }) => shown.has(row)),
  };
}

function mainSection(benchmark: SiteBenchmark, board: Leaderboard): Html {
  const { id, section, results } = benchmark;
  const shown = withFirstRows(benchmark, MOST_ROWS);
  const address = benchmarkPath(id);
  const more =
    shown === benchmark
      ? null
      : html`<p>The best ${MOST_ROWS} of ${results.length} rows; <a href="${address}">all rows</a>.</p>
`;
  return pageSection(section.id, section.heading, [
    standingSummary(section),
    benchmarkTable(shown, "", board.extraColumns, bibtexEntry),
    more,
    html`<p><a href="${address}">Curves, distributions, comparisons and commands of this benchmark</a></p>
`,
    noteList(section.notes),
    cellList(section.cells, ""),
  ]);
}

function leaders(benchmark: SiteBenchmark): string {
  const titles = benchmark.section.groups.filter(({ rank }) => rank?.best === 1).map(({ row }) => row.title);
  if (titles.length === 0) return "";
  const shown = titles.slice(0, 5).join(", ");
  return ` First: ${shown}${titles.length > 5 ? ` and ${titles.length - 5} more` : ""}.`;
}

function otherBenchmarks(benchmarks: readonly SiteBenchmark[]): Html | null {
  if (benchmarks.length === 0) return null;
  return pageSection("benchmarks", "Other benchmarks", [
    html`<ul class="benchmarks">
${benchmarks.map(
  (benchmark) =>
    html`<li><a href="${benchmarkPath(benchmark.id)}">${benchmark.section.heading}</a>: ${countOf(benchmark.results.length, "row")}.${leaders(benchmark)}</li>
`,
)}</ul>`,
  ]);
}

function otherSection(section: Section, board: Leaderboard): Html {
  return pageSection(section.id, section.heading, [
    sectionTable(section, "", board.extraColumns),
    noteList(section.notes),
    cellList(section.cells, ""),
  ]);
}

function tableList(tables: readonly SiteTable[]): Html | null {
  if (tables.length === 0) return null;
  return pageSection("tables", "Benchmark tables", [
    html`<ul class="tables">
${tables.map(
  ({ id, card }) =>
    html`<li><a href="${tablePath(id)}">${card.id} ${card.version}</a>: ${linkedText(card.title)}</li>
`,
)}</ul>`,
  ]);
}

function missingParts({ unfinished }: Leaderboard, hasReruns: boolean): Html | null {
  const notYet =
    unfinished.length === 0
      ? null
      : html`<p>Not finished yet, so not in any table: ${unfinished.join(", ")}. The same run command with --resume goes on.</p>
`;
  if (hasReruns) return notYet;
  return pageSection("re-runs", "No re-runs yet", [
    html`<p>This page shows what was published. These commands run five methods 500 times each, on the table that comes with nas-harness, and write this page anew:</p>
`,
    commandBlock(RERUN_COMMANDS),
    notYet,
  ]);
}

/** Links to the sections of the overview. */
function contents({ site, board }: PageContext, main: SiteBenchmark | null): Html {
  const links: (readonly [id: string, heading: string])[] = [
    ...(main === null ? [] : ([[main.section.id, main.section.heading]] as const)),
    ...(site.benchmarks.length > 1 ? ([["benchmarks", "Other benchmarks"]] as const) : []),
    ...site.otherSections.map(({ id, heading }) => [id, heading] as const),
    ...(board.epochCurves.length > 0 ? ([["epochs", "Searches that train"]] as const) : []),
    ...(site.tables.length > 0 ? ([["tables", "Benchmark tables"]] as const) : []),
    ["reading", "How to read this page"],
    ["comparison", "On comparing with the published rows"],
  ];
  return html`<nav class="contents" aria-label="On this page">
<ul>
${links.map(
  ([id, heading]) => html`<li><a href="#${id}">${heading}</a></li>
`,
)}</ul>
</nav>
`;
}

/** The overview: the main benchmark's table, the others, what was published, and how to read it all. */
export function overviewPage(context: PageContext): string {
  const { site, board, assets } = context;
  const main = mainBenchmark(site.benchmarks);
  const others = site.benchmarks.filter((benchmark) => benchmark !== main);
  const content = html`<p class="lead">Search methods re-run by nas-harness under one protocol, next to the rows that were published. Every re-run can be repeated to the last digit; every row leads to its runs.</p>
${contents(context, main)}${missingParts(board, main !== null)}${main === null ? null : mainSection(main, board)}${otherBenchmarks(others)}${site.otherSections.map((section) => otherSection(section, board))}${epochSection(board.epochCurves)}${tableList(site.tables)}${pageSection("reading", "How to read this page", [noteList(board.reading)])}${pageSection("comparison", "On comparing with the published rows", [noteList(board.comparison)])}${pageSection(
  "downloads",
  "The same tables as files",
  [
    html`<p><a href="leaderboard.md">Markdown</a>, <a href="leaderboard.csv">CSV</a>, <a href="leaderboard.tex">LaTeX</a>, <a href="leaderboard.json">JSON</a>; papers of the methods: <a href="leaderboard.bib">BibTeX</a>.</p>`,
  ],
)}`;
  return renderPage({ title: site.title, root: "", trail: [], main: content }, assets);
}
