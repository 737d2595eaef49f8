import { type Html, html } from "../../generator/html.ts";
import { plainText } from "../../generator/text.ts";
import { benchmarkTable } from "../benchmark-table.ts";
import { bibtexEntry } from "../bibtex.ts";
import { tablePath } from "../links.ts";
import { renderPage } from "../page.ts";
import type { PageContext } from "../page-context.ts";
import type { SiteBenchmark } from "../site-model.ts";
import { benchmarkCharts } from "./benchmark-charts.ts";
import { architectureLink, commandBlock, factList, noteList, pageSection, plainTable } from "./page-parts.ts";
import { cellList } from "./section-parts.ts";
import { standingSummary } from "./standing-summary.ts";

function protocolFacts({ protocol, search, table, section, report }: SiteBenchmark): Html {
  const definition = protocol?.searches.find(({ id }) => id === search) ?? null;
  return factList([
    ["Compared", section.caption],
    ["Protocol", protocol === null ? null : `${protocol.id} ${protocol.version}: ${plainText(protocol.title)}`],
    [
      "Search",
      definition === null
        ? search
        : `${search}: ${definition.dataset}, ${definition.recipe}, ${definition.trials} of the trials`,
    ],
    ["Runs of the plan", protocol?.runs ?? null],
    ["Reported", report.map(({ column, recipe, epoch }) => `${column} (${recipe}, epoch ${epoch})`).join("; ")],
    [
      "Table",
      table === null
        ? "not at hand, so there are no curves and no regret"
        : html`<a href="../${tablePath(table)}">its page</a>`,
    ],
  ]);
}

function optimaTable({ optima }: SiteBenchmark): Html | null {
  const rows = Object.entries(optima).map(([column, { value, architecture }]) => ({
    cells: [column, value.toFixed(2), architectureLink(architecture, "../")],
  }));
  if (rows.length === 0) return null;
  return plainTable("optima-table", "The table's best value of each column", ["Column", "%", "Architecture"], rows);
}

/** Commands that make every row again, each once. */
function commandsOf({ results }: SiteBenchmark): string[] {
  return [...new Set(results.map(({ command }) => command))];
}

/** A benchmark's page: the main table, its figures, and how to make all of it again. */
export function benchmarkPage(context: PageContext, benchmark: SiteBenchmark): string {
  const { board, assets } = context;
  const { section } = benchmark;
  const main = html`${standingSummary(section)}${benchmarkTable(benchmark, "../", board.extraColumns, bibtexEntry)}
${noteList(section.notes)}
${cellList(section.cells, "../")}${benchmarkCharts(context, benchmark)}${pageSection("protocol", "Protocol and table", [protocolFacts(benchmark), optimaTable(benchmark)])}${pageSection("reproduce", "Make it again", [commandBlock(commandsOf(benchmark))])}${pageSection("reading", "How to read this page", [noteList(board.reading)])}${pageSection("comparison", "On comparing with the published rows", [noteList(board.comparison)])}`;
  return renderPage(
    { title: section.heading, root: "../", trail: [{ label: section.heading, href: null }], main },
    assets,
  );
}
