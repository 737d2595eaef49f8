import { type Html, html } from "../../generator/html.ts";
import { anyTimeChart } from "../charts/any-time-chart.ts";
import { chartMethods } from "../charts/chart-methods.ts";
import { differenceDiagram } from "../charts/difference-diagram.ts";
import { distributionChart } from "../charts/distribution-chart.ts";
import type { SiteBenchmark } from "../site-model.ts";
import { pageSection } from "./page-parts.ts";

/** Most methods of one chart: more would tell nothing. The best ones are shown. */
const MOST_METHODS = 20;

const figures = (charts: readonly Html[]) =>
  charts.map(
    (chart) => html`<figure class="chart">${chart}</figure>
`,
  );

/** The figures of a benchmark, one section a kind; nothing where there is nothing to draw. */
export function benchmarkCharts(benchmark: SiteBenchmark): Html {
  const all = chartMethods(benchmark);
  const methods = all.slice(0, MOST_METHODS);
  const only =
    all.length === methods.length
      ? null
      : html`<p>The best ${methods.length} of ${all.length} rows.</p>
`;
  const tests = benchmark.report.filter(({ split }) => split === "test").map(({ column }) => column);
  const curves = tests
    .filter((column) => methods.some(({ result }) => result.facts.curves.some((curve) => curve.column === column)))
    .flatMap((column) => [anyTimeChart(methods, column, "log"), anyTimeChart(methods, column, "linear")]);
  const spreads = tests
    .filter((column) => methods.some(({ result }) => (result.facts.values[column]?.length ?? 0) > 0))
    .map((column) => distributionChart(methods, column, benchmark.optima[column]?.value ?? null));
  const shown = new Set(methods.map(({ id }) => id));
  const diagrams = benchmark.distinctions
    .filter(({ column }) => tests.includes(column))
    .map((distinction) => {
      const ids = distinction.ids.filter((id) => shown.has(id));
      const groups = distinction.groups.map((group) => group.filter((id) => shown.has(id)));
      return differenceDiagram({ ...distinction, ids, groups: groups.filter(({ length }) => length > 1) }, methods);
    });
  const section = (id: string, heading: string, text: string, charts: readonly Html[]) =>
    charts.length === 0
      ? null
      : pageSection(id, heading, [
          html`<p>${text}</p>
`,
          only,
          html`${figures(charts)}`,
        ]);
  return html`${section("any-time", "Any-time curves", "Test regret of the best architecture so far by simulated time: the median over runs, and the middle half of the runs as a band.", curves)}${section("distributions", "Final results", "The values of all finished runs.", spreads)}${section("differences", "Which rows are told apart", "Rows that a bar joins are not distinguishable: Mann-Whitney tests of all pairs with Holm's correction.", diagrams)}`;
}
