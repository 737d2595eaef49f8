import { type Html, html } from "../../generator/html.ts";
import { chartMethods } from "../charts/chart-methods.ts";
import { benchmarkFigures } from "../charts/figures.ts";
import type { PageContext } from "../page-context.ts";
import type { SiteBenchmark } from "../site-model.ts";
import { figureSections } from "./figure-sections.ts";

/** Most methods of one figure: more would tell nothing. The best ones are shown. */
const MOST_METHODS = 20;

/** A benchmark with its best rows only. */
function withBestRows(benchmark: SiteBenchmark): SiteBenchmark {
  if (benchmark.results.length <= MOST_METHODS) return benchmark;
  const results = chartMethods(benchmark)
    .slice(0, MOST_METHODS)
    .map(({ result }) => result);
  const shown = new Set(results.map(({ id }) => id));
  const distinctions = benchmark.distinctions.map((distinction) => ({
    ...distinction,
    ids: distinction.ids.filter((id) => shown.has(id)),
    groups: distinction.groups.map((group) => group.filter((id) => shown.has(id))).filter(({ length }) => length > 1),
  }));
  return { ...benchmark, results, distinctions };
}

/** The figures of a benchmark; nothing where the runs of no row are at hand. */
export function benchmarkCharts({ site, tables }: PageContext, benchmark: SiteBenchmark): Html | null {
  if (benchmark.results.every(({ factsKey }) => factsKey === null)) return null;
  const table = site.tables.find(({ id }) => id === benchmark.table);
  const shown = withBestRows(benchmark);
  const only =
    shown === benchmark
      ? null
      : html`<p>The figures show the best ${shown.results.length} of ${benchmark.results.length} rows.</p>
`;
  const from = table === undefined ? null : { table, facts: tables.factsOf(table), costs: site.costs };
  return html`${only}${figureSections(benchmarkFigures(shown, from))}`;
}
