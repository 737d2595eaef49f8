import { type Html, html } from "../../generator/html.ts";
import { anyTimeChart } from "../charts/any-time-chart.ts";
import { type ChartMethod, chartMethods } from "../charts/chart-methods.ts";
import { differenceDiagram } from "../charts/difference-diagram.ts";
import { distributionChart } from "../charts/distribution-chart.ts";
import { overlapChart } from "../charts/overlap-chart.ts";
import { paretoChart, paretoPoints } from "../charts/pareto-chart.ts";
import type { PageContext } from "../page-context.ts";
import type { SiteBenchmark } from "../site-model.ts";
import { pageSection } from "./page-parts.ts";

/** Most methods of one chart: more would tell nothing. The best ones are shown. */
const MOST_METHODS = 20;

const figures = (charts: readonly Html[]) =>
  charts.map(
    (chart) => html`<figure class="chart">${chart}</figure>
`,
  );

/** Mean accuracy against mean number of parameters of the final architectures, one chart a test column. */
function paretoCharts(
  { site, tables }: PageContext,
  benchmark: SiteBenchmark,
  methods: readonly ChartMethod[],
): Html[] {
  const table = site.tables.find(({ id }) => id === benchmark.table);
  if (table === undefined) return [];
  return benchmark.report
    .filter(({ split }) => split === "test")
    .flatMap(({ column, dataset, recipe, epoch }) => {
      // A dataset whose recipes differ in their networks has a size for each, named by the recipe.
      const sizeOf = (architecture: number) => {
        const sizes = tables.sizesOf(table, architecture);
        const own = sizes.find((size) => size.dataset === dataset || size.dataset.split(/[ ,]+/).includes(recipe));
        return own === undefined ? null : own.parameters / 1e6;
      };
      if (sizeOf(0) === null) return [];
      const facts = tables.factsOf(table);
      const values = facts.columns.find(
        (one) => one.dataset === dataset && one.recipe === recipe && one.split === "test" && one.epoch === epoch,
      )?.values;
      const architectures = facts.architectures.flatMap((architecture, at) => {
        const [cost, accuracy] = [sizeOf(architecture), values?.[at]];
        return cost === null || accuracy === undefined || Number.isNaN(accuracy) ? [] : [{ cost, accuracy }];
      });
      const points = paretoPoints(methods, column, sizeOf);
      if (points.length === 0) return [];
      return [paretoChart({ column, axis: { title: "parameters", unit: "millions" }, points, architectures })];
    });
}

/** The figures of a benchmark, one section a kind; nothing where there is nothing to draw. */
export function benchmarkCharts(context: PageContext, benchmark: SiteBenchmark): Html {
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
  const answering = methods.filter(({ result }) => result.facts.answers.length > 0);
  const overlaps = answering.length < 2 ? [] : [overlapChart(answering)];
  const section = (id: string, heading: string, text: string, charts: readonly Html[]) =>
    charts.length === 0
      ? null
      : pageSection(id, heading, [
          html`<p>${text}</p>
`,
          only,
          html`${figures(charts)}`,
        ]);
  return html`${section("any-time", "Any-time curves", "Test regret of the best architecture so far by simulated time: the median over runs, and the middle half of the runs as a band.", curves)}${section("distributions", "Final results", "The values of all finished runs.", spreads)}${section("differences", "Which rows are told apart", "Rows that a bar joins are not distinguishable: Mann-Whitney tests of all pairs with Holm's correction.", diagrams)}${section("overlap", "Final architectures in common", "The share of final architectures that two methods have in common, runs counted.", overlaps)}${section("pareto", "Accuracy and size", "Means over the final architectures of each method's runs; rings mark methods that no other beats in both, the line is the front of all architectures of the table.", paretoCharts(context, benchmark, methods))}`;
}
