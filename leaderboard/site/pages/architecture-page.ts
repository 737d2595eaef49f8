import type { CostValues } from "../../../core/costs/cost-column.ts";
import { costAt } from "../../../core/costs/cost-table.ts";
import { formatArchitecture } from "../../../core/space/codec.ts";
import { groupedNumber, rowTitle } from "../../generator/figures.ts";
import { type Html, html } from "../../generator/html.ts";
import { anchorOf } from "../../generator/sections.ts";
import type { SiteArchitecture } from "../architecture-index.ts";
import type { ArchitectureValues, RecipeValues } from "../architecture-values.ts";
import { cellDrawing } from "../cell-drawing.ts";
import { benchmarkPath, methodPath, tablePath } from "../links.ts";
import { renderPage } from "../page.ts";
import type { PageContext } from "../page-context.ts";
import type { SiteTable } from "../site-model.ts";
import { commandBlock, countOf, factList, pageSection, plainTable } from "./page-parts.ts";

const figure = (value: number | null, decimals: number) => (value === null ? null : value.toFixed(decimals));

const VALUE_HEADS = [
  "Dataset",
  "Recipe",
  "Valid, %",
  "Test, %",
  "Million parameters",
  "Million FLOPs",
  "Latency, ms",
  "Epoch, s",
];

function valueTable({ id, card }: SiteTable, values: readonly RecipeValues[]): Html {
  const rows = values.map((one) => ({
    cells: [
      one.dataset,
      one.recipe,
      figure(one.valid, 2),
      figure(one.test, 2),
      figure(one.megaParameters, 3),
      figure(one.megaFlops, 1),
      figure(one.latencyMs, 2),
      figure(one.trainMs === null ? null : one.trainMs / 1000, 3),
    ],
  }));
  return html`<p>Table <a href="../${tablePath(id)}">${card.id} ${card.version}</a></p>
${plainTable(`values-${id}`, `Means over all trials in ${card.id} ${card.version}, after the last epoch`, VALUE_HEADS, rows)}`;
}

function sizeTable({ site, tables: open }: PageContext, architecture: number): Html | null {
  const rows = site.tables.flatMap((table) =>
    open.sizesOf(table, architecture).map(({ dataset, classes, imageSize, parameters, flops }) => ({
      cells: [
        dataset,
        `${table.card.id} ${table.card.version}`,
        `${imageSize} x ${imageSize}`,
        classes,
        groupedNumber(parameters, 0),
        groupedNumber(flops, 0),
      ],
    })),
  );
  if (rows.length === 0) return null;
  const heads = ["Dataset", "Table", "Image", "Classes", "Parameters", "Multiply-accumulates"];
  return pageSection("size", "Size", [plainTable("size-table", "The network with this cell, counted", heads, rows)]);
}

/** Measured costs, a table of their own for each cost table: its figures are of other networks than those of a trained one. */
function costSection({ site }: PageContext, architecture: number): Html | null {
  const parts = site.costs.map(({ card, values }) => {
    const rows = card.columns.map(({ dataset = null, device, quantity, batchSize = null, unit }, at) => {
      const value = costAt(values[at] as CostValues, architecture);
      const shown = value === null ? null : String(Number(value.toPrecision(4)));
      return { cells: [device, quantity, dataset, batchSize, shown, unit] };
    });
    const heads = ["Device", "Quantity", "Dataset", "Batch", "Value", "Unit"];
    return plainTable(
      anchorOf(["costs", card.id]),
      `As measured by the authors of ${card.id} ${card.version}`,
      heads,
      rows,
    );
  });
  return parts.length === 0 ? null : pageSection("costs", "Measured on hardware", parts);
}

function answerSection({ answers }: SiteArchitecture): Html | null {
  if (answers.length === 0) return null;
  const rows = answers.map(({ benchmark, result, runs }) => {
    const of = result.row.runs ?? 0;
    return {
      cells: [
        html`<a href="../${methodPath(result.id)}#answers">${rowTitle(result.row)}</a>`,
        html`<a href="../${benchmarkPath(benchmark.id)}">${benchmark.section.heading}</a>`,
        runs,
        of === 0 ? null : `${((100 * runs) / of).toFixed(1)} %`,
      ],
    };
  });
  const caption = `${countOf(answers.length, "row")} with at least one run that answered with this cell`;
  return pageSection("answers", "Methods that answered with it", [
    plainTable("answers-table", caption, ["Method", "Benchmark", "Runs", "Share of its runs"], rows),
  ]);
}

/**
 * An architecture's page: its cell, its values in every table, and which methods answered with it.
 * @throws NAS_TABLE_CORRUPT
 */
export function architecturePage(context: PageContext, entry: SiteArchitecture, values: ArchitectureValues): string {
  const { site, assets } = context;
  const { architecture, roles } = entry;
  const text = formatArchitecture(architecture);
  const tables = site.tables.map((table) => valueTable(table, values.of(architecture, table)));
  const main = html`${factList([
    ["Index", architecture],
    ["String", html`<code>${text}</code>`],
    ["It is", roles.length === 0 ? null : roles.join("; ")],
  ])}
<figure class="cell">${cellDrawing(architecture)}</figure>
${tables.length === 0 ? null : pageSection("values", "Values", tables)}${sizeTable(context, architecture)}${answerSection(entry)}${costSection(context, architecture)}${pageSection("reproduce", "Look it up", [commandBlock([`nas-harness query ${architecture}`])])}`;
  return renderPage(
    {
      title: `Architecture ${architecture}`,
      root: "../",
      trail: [{ label: `Architecture ${architecture}`, href: null }],
      main,
    },
    assets,
  );
}
