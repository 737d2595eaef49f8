import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { groupedNumber } from "../../generator/figures.ts";
import { type Html, html } from "../../generator/html.ts";
import { columnsOf } from "../../generator/sections.ts";
import { plainText } from "../../generator/text.ts";
import { tableFigures } from "../charts/figures.ts";
import { benchmarkPath } from "../links.ts";
import { renderPage } from "../page.ts";
import type { PageContext } from "../page-context.ts";
import type { SiteTable } from "../site-model.ts";
import { figureSections } from "./figure-sections.ts";
import { architectureLink, commandBlock, factList, linkedText, pageSection, plainTable } from "./page-parts.ts";

function recipeTable({ datasets }: TableCard): Html {
  const rows = datasets.flatMap(({ id, title, classes, imageSize, recipes }) =>
    recipes.map((recipe) => ({
      cells: [
        plainText(title),
        id,
        classes,
        `${imageSize} x ${imageSize}`,
        recipe.id,
        recipe.epochs,
        recipe.seeds.length > 6 ? `${recipe.seeds.length} seeds` : recipe.seeds.join(", "),
        [...new Set(recipe.columns.map(({ name }) => name))].join(", "),
      ],
    })),
  );
  const heads = ["Dataset", "Id", "Classes", "Image", "Recipe", "Epochs", "Seeds", "Columns"];
  return plainTable("recipes-table", "Datasets, recipes and what is recorded", heads, rows);
}

function fileTable({ datasets }: TableCard): Html {
  const files = datasets.flatMap(({ recipes }) => recipes.flatMap((recipe) => recipe.files));
  const rows = files.map(({ path, view, rows: trials, bytes, sha256 }) => ({
    cells: [html`<code>${path}</code>`, view, trials, groupedNumber(bytes, 0), html`<code>${sha256}</code>`],
  }));
  return plainTable("files-table", "Files of the table", ["File", "View", "Trials", "Bytes", "SHA-256"], rows);
}

function sourceTable({ provenance }: TableCard): Html | null {
  if (provenance.sources.length === 0) return null;
  const rows = provenance.sources.map(({ file, bytes, sha256 }) => ({
    cells: [html`<code>${plainText(file)}</code>`, groupedNumber(bytes, 0), html`<code>${sha256}</code>`],
  }));
  return plainTable("sources-table", "Files that it was made from", ["File", "Bytes", "SHA-256"], rows);
}

/** The best values by the table itself, and those that were published for it. */
function optimaTable({ site }: PageContext, { id, card }: SiteTable): Html | null {
  const own = site.benchmarks
    .filter(({ table }) => table === id)
    .flatMap((benchmark) =>
      Object.entries(benchmark.optima).map(([column, { value, architecture }]) => {
        const [{ dataset, split } = { dataset: column, split: "" }] = columnsOf([column]);
        return {
          cells: [
            `${dataset} ${split}`,
            value.toFixed(2),
            architectureLink(architecture, "../"),
            html`this table, by <a href="../${benchmarkPath(benchmark.id)}">${benchmark.section.heading}</a>`,
          ],
        };
      }),
    );
  const published = card.expectedOptima.map(({ dataset, recipe, split, epoch, accuracy, architecture, source }) => ({
    cells: [
      `${dataset} ${split}, ${recipe}, epoch ${epoch}`,
      accuracy.toFixed(2),
      // Only architectures that answers or optima name have a page.
      architecture === undefined ? null : `${architecture}`,
      linkedText(plainText(source)),
    ],
  }));
  if (own.length + published.length === 0) return null;
  return plainTable(
    "optima-table",
    "The best of all architectures in each reported column",
    ["Column", "%", "Architecture", "According to"],
    [...own, ...published],
  );
}

/** Settings by their names, those inside others with both names: `optimiser.learningRate`. */
function flatSettings(settings: object, before = ""): [name: string, value: string][] {
  return Object.entries(settings).flatMap(([key, value]): [string, string][] => {
    const name = `${before}${key}`;
    if (Array.isArray(value)) return [[name, value.join(", ")]];
    return typeof value === "object" && value !== null ? flatSettings(value, `${name}.`) : [[name, String(value)]];
  });
}

/** What the recipes of a table were trained with, a column each. */
function settingsTable(recipes: readonly { readonly id: string }[]): Html {
  const settings = recipes.map(({ id: _, ...others }) => new Map(flatSettings(others)));
  const names = [...new Set(settings.flatMap((own) => [...own.keys()]))];
  const rows = names.map((name) => ({
    cells: [name, ...settings.map((own) => plainText(own.get(name) ?? ""))],
  }));
  return plainTable("settings-table", "Settings of the recipes", ["Setting", ...recipes.map(({ id }) => id)], rows);
}

/** The recipes as the project trained them; null for tables that were imported. */
function trainingSection({ training }: TableCard): Html | null {
  if (training === undefined) return null;
  return pageSection("training", "Training", [
    html`<p>This project trained the table. nas-harness table datasheet writes its whole datasheet: noise, correlations, costs, limits.</p>
`,
    settingsTable(training.recipes),
  ]);
}

/**
 * A table's page: what its card says, where it comes from, its best values and what it looks like.
 * @throws NAS_TABLE_CORRUPT
 */
export function tablePage(context: PageContext, table: SiteTable): string {
  const { site, assets } = context;
  const { card } = table;
  const title = `${card.id} ${card.version}`;
  const benchmarks = site.benchmarks.filter((benchmark) => benchmark.table === table.id);
  const links = benchmarks.map(
    ({ id, section }, at) => html`${at === 0 ? "" : ", "}<a href="../${benchmarkPath(id)}">${section.heading}</a>`,
  );
  const main = html`<p class="lead">${linkedText(plainText(card.title))}</p>
${factList([
  ["Name", html`<code>${card.id}</code> ${card.version}`],
  ["Benchmark", card.benchmark],
  ["Origin", linkedText(plainText(card.provenance.description))],
  ["Licence", plainText(card.licence)],
  ["Values for", card.keyedBy === "class" ? "each isomorphism class" : "each architecture"],
  ["Architectures", card.architectures === undefined ? "15,625" : groupedNumber(card.architectures, 0)],
  ["Units", `accuracy in ${card.units.accuracy}, loss in ${card.units.loss}, time in ${card.units.time}`],
  ["Content hash", html`<code>${card.searchContentHash}</code>`],
  ["Methods were run on it", links.length === 0 ? null : html`${links}`],
])}
${pageSection("recipes", "Datasets and recipes", [recipeTable(card)])}${pageSection("optima", "Best values", [
  optimaTable(context, table) ??
    html`<p>No column has a best value here: nothing was run on this table.</p>
`,
])}${figureSections(tableFigures(context.tables.factsOf(table)))}${trainingSection(card)}${pageSection("files", "Files", [fileTable(card), sourceTable(card)])}${pageSection(
  "commands",
  "Check it",
  [
    commandBlock([
      "nas-harness table info",
      ...(card.training === undefined ? [] : ["nas-harness table datasheet <folder of the table>"]),
      "nas-harness table check <folder of the table>",
      "nas-harness table correlate <folder of the table>",
    ]),
  ],
)}`;
  return renderPage(
    { title: `Table ${title}`, root: "../", trail: [{ label: `Table ${title}`, href: null }], main },
    assets,
  );
}
