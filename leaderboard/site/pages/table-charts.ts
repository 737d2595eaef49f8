import { type Html, html } from "../../generator/html.ts";
import { correlatedColumns, correlationChart } from "../charts/correlation-chart.ts";
import { landscapeChart, landscapePairs } from "../charts/landscape-chart.ts";
import type { TableFacts } from "../table-facts.ts";
import { pageSection } from "./page-parts.ts";

const figure = (chart: Html) => html`<figure class="chart">${chart}</figure>
`;

/** The landscapes of a table and how its columns correlate. */
export function tableCharts(facts: TableFacts): Html {
  const pairs = landscapePairs(facts);
  const landscapes =
    pairs.length === 0
      ? null
      : pageSection("landscape", "Landscape", [
          html`<p>Every architecture is a dot: what a search sees of it against what is reported. The further a cloud is from a line, the less a search can know.</p>
`,
          html`${pairs.map((pair) => figure(landscapeChart(facts, pair)))}`,
        ]);
  const correlations =
    correlatedColumns(facts).length < 2
      ? null
      : pageSection("correlations", "Correlations", [
          html`<p>How well the rankings of all architectures agree, by Kendall's tau-b: 1 is the same order, 0 is none in common.</p>
`,
          figure(correlationChart(facts)),
        ]);
  return html`${landscapes}${correlations}`;
}
