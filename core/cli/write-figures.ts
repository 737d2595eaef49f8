import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";
import { benchmarkFigures, type ChartTable, type Figure, tableFigures } from "../../leaderboard/site/charts/figures.ts";
import { isDrawn, paperFigure } from "../../leaderboard/site/charts/paper-figure.ts";
import { collectSite } from "../../leaderboard/site/collect-site.ts";
import type { Site } from "../../leaderboard/site/site-model.ts";
import { tableFacts } from "../../leaderboard/site/table-facts.ts";
import { findCostTables } from "../costs/cost-location.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFilesAtomic } from "../files/atomic-file.ts";
import { findTables } from "../tables/table-location.ts";
import { parsePositive } from "./number-flags.ts";
import { withProgress } from "./progress.ts";
import { print, printJson, remark } from "./terminal.ts";

const DEFAULT_RESULTS = "results";
const WIDEST_MM = 1000;

/** What the command line gives to `leaderboard figures`. */
export interface FiguresFlags {
  results?: string[];
  submissions: string;
  verifications: string;
  remote: string;
  output: string;
  table?: string;
  benchmark?: string;
  width?: string;
  json?: true;
}

function collect(flags: FiguresFlags): Site {
  const cache = mkdtempSync(path.join(tmpdir(), "nas-harness-figures-"));
  try {
    const sources = {
      published: readPublished(),
      results: flags.results ?? (existsSync(DEFAULT_RESULTS) ? [DEFAULT_RESULTS] : []),
      submitted: { submissions: flags.submissions, verifications: flags.verifications, remote: flags.remote },
      tables: flags.table === undefined ? findTables() : [flags.table],
      costs: findCostTables(),
      logs: [],
      extraColumns: [],
    };
    const { site, remarks } = withProgress("figures", "rows", (onRow) => collectSite(sources, cache, onRow));
    for (const text of remarks) remark(`note: ${text}`);
    return site;
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** The benchmarks that were asked for. @throws NAS_USAGE if there is none of that id */
function chosenBenchmarks({ benchmarks }: Site, id: string | undefined) {
  const chosen = id === undefined ? benchmarks : benchmarks.filter((benchmark) => benchmark.id === id);
  if (chosen.length > 0 || id === undefined) return chosen;
  throw new HarnessError("NAS_USAGE", {
    what: `there are no runs of benchmark ${id}`,
    where: "--benchmark",
    allowed: benchmarks.map((benchmark) => benchmark.id).join(", ") || "none: no runs were found",
    next: "correct the id, or name the runs with --results",
  });
}

/**
 * The command `leaderboard figures`: every chart of the site as an SVG file of its own, for papers.
 * @throws NAS_USAGE, NAS_WRITE_FAILED and what collecting the leaderboard throws
 */
export function writeFigures(flags: FiguresFlags): void {
  const width = flags.width === undefined ? null : parsePositive(flags.width, "--width", WIDEST_MM);
  const site = collect(flags);
  const benchmarks = chosenBenchmarks(site, flags.benchmark);
  const { costs } = site;
  const used = new Set(benchmarks.map(({ table }) => table));
  const tables = new Map(
    site.tables
      .filter(({ id }) => flags.benchmark === undefined || used.has(id))
      .map((table): [string, ChartTable] => [table.id, { table, facts: tableFacts(table), costs }]),
  );
  const files = new Map<string, string>();
  const add = (folder: string, figures: readonly Figure[]) => {
    for (const { name, chart } of figures) {
      if (isDrawn(chart)) files.set(path.join(flags.output, folder, `${name}.svg`), paperFigure(chart, width));
    }
  };
  for (const benchmark of benchmarks) {
    add(path.join("benchmarks", benchmark.id), benchmarkFigures(benchmark, tables.get(benchmark.table ?? "") ?? null));
  }
  for (const [id, { facts }] of tables) add(path.join("tables", id), tableFigures(facts));
  writeFilesAtomic(files);
  if (flags.json) printJson({ files: [...files.keys()] });
  else if (files.size === 0) remark("note: there are neither runs nor tables to draw; make runs with nas-harness run");
  else for (const file of files.keys()) print(file);
}
