import { DISTINCTION_LEVEL } from "../../../core/statistics/distinction.ts";
import {
  accuracyText,
  groupedNumber,
  intervalText,
  protocolText,
  rowTitle,
  runsText,
} from "../../generator/figures.ts";
import { type Html, html } from "../../generator/html.ts";
import type { LeaderboardRow } from "../../generator/leaderboard.ts";
import { rankText } from "../../generator/rank-range.ts";
import { columnsOf } from "../../generator/sections.ts";
import { standingText } from "../../generator/standing.ts";
import { colourAt } from "../charts/colours.ts";
import { anyTimeFigure, distributionFigure } from "../charts/figures.ts";
import { benchmarkPath } from "../links.ts";
import { renderPage } from "../page.ts";
import type { PageContext } from "../page-context.ts";
import type { MethodResult, SiteBenchmark } from "../site-model.ts";
import { answersTable } from "./answers-table.ts";
import { figureGrid } from "./figure-sections.ts";
import { commandBlock, factList, outsideLink, type PlainRow, pageSection, plainTable } from "./page-parts.ts";
import { runSections } from "./run-sections.ts";
import { verificationSection } from "./verification-section.ts";

/** Most methods of a benchmark whose pages have ranks. */
const MOST_RANKED_PAGES = 40;

/** `cifar10.test` as `CIFAR-10 test`. */
export function columnTitle(name: string): string {
  const [column] = columnsOf([name]);
  return `${column?.dataset} ${column?.split}`.trim();
}

function paperLink({ about }: MethodResult): Html | null {
  if (about === null || about.paper === null) return null;
  const { title, authors, year, url } = about.paper;
  const name = url === undefined ? html`${title}` : outsideLink(url, title);
  return html`${authors}, ${name}, ${year}`;
}

function optionList({ options }: LeaderboardRow): Html | null {
  const entries = Object.entries(options ?? {});
  if (entries.length === 0) return null;
  return pageSection("options", "Options", [
    html`<p>All options of these runs, defaults included.</p>
`,
    factList(entries.map(([name, value]) => [name, html`<code>${JSON.stringify(value)}</code>`] as const)),
  ]);
}

function standingFact({ row }: MethodResult): Html | null {
  if (row.standing === null) return null;
  const { url } = row.standing;
  return html`<a href="#verification">${standingText(row)}</a>${url === null ? null : html`, by ${outsideLink(url, "this run of continuous integration")}`}`;
}

/**
 * Whether pages of methods say where these stand among the others: of many methods any new one may move all, and each of
 * their pages would have to be made anew.
 */
export function hasRanksOnPages({ results }: SiteBenchmark): boolean {
  return results.length <= MOST_RANKED_PAGES;
}

function columnRank(benchmark: SiteBenchmark, id: string, column: string): string | null {
  if (!hasRanksOnPages(benchmark)) return null;
  const range = benchmark.distinctions.find((one) => one.column === column)?.ranks.get(id);
  return range === undefined ? null : rankText({ best: range[0], worst: range[1] });
}

function resultRows(benchmark: SiteBenchmark, { id, row, facts }: MethodResult): PlainRow[] {
  return Object.entries(row.accuracies).map(([column, accuracy]) => {
    const optimum = benchmark.optima[column];
    const values = facts.values[column] ?? [];
    const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
    const most = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
    const fresh = row.standing?.fresh?.[column];
    return {
      cells: [
        columnTitle(column),
        accuracyText(accuracy),
        intervalText(accuracy),
        optimum === undefined || accuracy === null ? null : (optimum.value - accuracy.mean).toFixed(2),
        columnRank(benchmark, id, column),
        values.length === 0 ? null : `${least.toFixed(2)} to ${most.toFixed(2)}`,
        fresh === undefined ? null : `${fresh.mean.toFixed(2)} over ${fresh.runs} runs`,
      ],
    };
  });
}

const RESULT_HEADS = ["Column", "Mean ± std, %", "95 % interval", "Regret", "Rank", "Runs from, to", "Fresh seeds"];

/** Which rows of the ranked column are not told apart from this one. */
function neighbours(benchmark: SiteBenchmark, { id }: MethodResult): Html | null {
  const distinction = benchmark.distinctions.find(({ column }) => column === benchmark.section.rankedBy);
  if (distinction === undefined || !distinction.ids.includes(id)) return null;
  if (!hasRanksOnPages(benchmark)) {
    return html`<p>Where it stands among the other rows: <a href="../${benchmarkPath(benchmark.id)}">${benchmark.section.heading}</a>.</p>
`;
  }
  const alike = distinction.ids.filter((other) => other !== id && distinction.p(id, other) >= DISTINCTION_LEVEL);
  const titles = new Map(benchmark.results.map((result) => [result.id, rowTitle(result.row)]));
  const shown = alike
    .slice(0, 20)
    .map((other, at) => html`${at === 0 ? "" : ", "}<a href="${other}.html">${titles.get(other) ?? other}</a>`);
  const words =
    alike.length === 0
      ? html`told apart from all ${distinction.ids.length - 1} other rows`
      : html`not distinguishable from ${shown}${alike.length > 20 ? ` and ${alike.length - 20} more` : ""}`;
  return html`<p>In ${columnTitle(distinction.column)} this row is ${words} (Mann-Whitney with Holm's correction, level ${DISTINCTION_LEVEL}).</p>
`;
}

function charts(benchmark: SiteBenchmark, result: MethodResult): Html | null {
  const { facts } = result;
  const methods = [{ id: result.id, title: rowTitle(result.row), colour: colourAt(0), result }];
  const curves = facts.curves.map(({ column }) => anyTimeFigure(methods, column, "log"));
  const spreads = benchmark.report
    .filter(({ column, split }) => split === "test" && (facts.values[column]?.length ?? 0) > 0)
    .map(({ column }) => distributionFigure(methods, column, benchmark.optima[column]?.value ?? null));
  if (curves.length + spreads.length === 0) return null;
  return pageSection("figures", "Figures", [figureGrid([...curves, ...spreads])]);
}

/** A method's page: what it is, its figures and where they come from, verification, and every run. */
export function methodPage({ assets }: PageContext, benchmark: SiteBenchmark, result: MethodResult): string {
  const { row, about, facts, command } = result;
  const title = rowTitle(row);
  const heading =
    about === null
      ? null
      : html`<p class="lead">${about.description}</p>
`;
  const seconds = (value: number | null, decimals: number) =>
    value === null ? null : `${groupedNumber(value, decimals)} s`;
  const known = factList([
    ["Method", html`<code>${row.method}</code>${row.version === null ? null : html` ${row.version}`}`],
    ["Benchmark", html`<a href="../${benchmarkPath(benchmark.id)}">${benchmark.section.heading}</a>`],
    ["Protocol", protocolText(row)],
    ["Kind", about === null ? null : { evaluations: "asks the table", training: "trains by itself" }[about.kind]],
    ["Authors", about === null ? null : about.authors.join(", ")],
    ["Paper", paperLink(result)],
    ["Licence", about?.licence ?? null],
    ["Built-in knowledge", (about?.submission?.priors ?? []).join("; ")],
    ["Isolation", about?.submission?.isolation ?? null],
    ["Standing", standingFact(result)],
    [
      "Runs",
      html`<a href="#runs">${runsText(row)}</a>${row.distinctRuns === null ? null : `, ${row.distinctRuns} different trajectories`}`,
    ],
    ["Evaluations of a run", row.evaluationsPerRun === null ? null : groupedNumber(row.evaluationsPerRun, 1)],
    ["Simulated time of a run", seconds(row.searchSeconds, 0)],
    ["Measured CPU time of a run", seconds(row.measuredCpuSeconds, (row.measuredCpuSeconds ?? 0) < 1 ? 5 : 1)],
    ["Digest of all records", row.recordsDigest === null ? null : html`<code>${row.recordsDigest}</code>`],
  ]);
  const main = html`${heading}${known}
${pageSection("results", "Results", [
  plainTable(
    "results-table",
    `Over ${runsText(row)} runs; regret: the table's best value minus the mean`,
    RESULT_HEADS,
    resultRows(benchmark, result),
  ),
  neighbours(benchmark, result),
])}${pageSection("reproduce", "Reproduce", [commandBlock([command])])}${charts(benchmark, result)}${verificationSection(result)}${optionList(row)}${answersTable(facts.answers, row.runs)}${runSections(result.runs(), about?.submission == null ? "results" : "submission", benchmark.report)}`;
  return renderPage(
    {
      title: row.version === null ? title : `${title} ${row.version}`,
      root: "../",
      trail: [
        { label: benchmark.section.heading, href: `../${benchmarkPath(benchmark.id)}` },
        { label: title, href: null },
      ],
      main,
    },
    assets,
  );
}
