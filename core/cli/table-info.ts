import type { TableCard, TableDataset, TableRecipe } from "../../schemas/generated/table-card.ts";
import { formatEpochs } from "../tables/availability.ts";
import {
  costsHeading,
  type FoundCosts,
  type FoundTable,
  isOnlyCosts,
  requestedCosts,
  requestedTables,
  tableHeading,
} from "./table-folders.ts";
import { columns, print, printJson } from "./terminal.ts";

const WIDTH = 100;
const LABEL_WIDTH = 12;
const BYTES_PER_MEGABYTE = 1_000_000;

/** Size of all Arrow files of a table. */
export function tableBytes(card: TableCard): number {
  const files = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipe.files));
  return files.reduce((total, file) => total + file.bytes, 0);
}

function megabytes(bytes: number): string {
  return (bytes / BYTES_PER_MEGABYTE).toFixed(2);
}

/** `1.67 MB`. */
export function formatBytes(bytes: number): string {
  return `${megabytes(bytes)} MB`;
}

/** Breaks a text between words into lines of at most `width` characters (longer words stay whole). */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function labelled(label: string, text: string): string[] {
  return wrap(text, WIDTH - LABEL_WIDTH - 2).map(
    (line, at) => `  ${(at === 0 ? label : "").padEnd(LABEL_WIDTH)}${line}`,
  );
}

function recipeRows(dataset: TableDataset, recipe: TableRecipe): string[][] {
  return recipe.files.map((file) => {
    const inView = recipe.columns.filter((column) => column.view === file.view);
    const metrics = [...Map.groupBy(inView, ({ epochs }) => formatEpochs(epochs))].map(
      ([epochs, alike]) => `${alike.map(({ name }) => name).join(", ")}: ${epochs}`,
    );
    const seeds = recipe.seeds.length === 0 ? "unknown" : recipe.seeds.join(", ");
    return [dataset.id, recipe.id, seeds, file.view, `${file.rows}`, megabytes(file.bytes), metrics.join("; ")];
  });
}

function describe(found: FoundTable): string {
  const { card } = found;
  const rows = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipeRows(dataset, recipe)));
  const header = ["dataset", "recipe", "seeds", "view", "trials", "MB", "columns: epochs"];
  const lines = [
    tableHeading(found),
    ...labelled("title", card.title),
    ...labelled("benchmark", `${card.benchmark}, values for every ${card.keyedBy}`),
    ...labelled("licence", card.licence),
    ...labelled("origin", card.provenance.description),
    ...card.provenance.sources.flatMap(({ file, sha256, bytes }, at) =>
      labelled(at === 0 ? "made from" : "", `${file}, ${bytes} bytes, SHA-256 ${sha256}`),
    ),
    ...labelled("content", `${card.searchContentHash} (search view)`),
    ...labelled("files", `${rows.length}, ${formatBytes(tableBytes(card))}`),
    ...card.datasets.flatMap((dataset, at) =>
      labelled(
        at === 0 ? "datasets" : "",
        `${dataset.id}: ${dataset.title} (${dataset.classes} classes, ${dataset.imageSize} x ${dataset.imageSize} pixels)`,
      ),
    ),
    "",
    columns([header, ...rows]),
  ];
  return lines.join("\n");
}

function describeCosts({ folder, card }: FoundCosts): string {
  const { title, licence, provenance, unitsFrom, contentHash, file, columns: all } = card;
  const rows = all.map(({ name, dataset = "", device, batchSize, unit }) => [
    ...[name, dataset, device, batchSize === undefined ? "" : `${batchSize}`, unit],
  ]);
  const lines = [
    costsHeading({ folder, card }),
    ...labelled("title", title),
    ...labelled("licence", licence),
    ...labelled("origin", provenance.description),
    ...provenance.sources.flatMap((source, at) =>
      labelled(at === 0 ? "made from" : "", `${source.file}, ${source.bytes} bytes, SHA-256 ${source.sha256}`),
    ),
    ...labelled("units", unitsFrom),
    ...labelled("content", contentHash),
    ...labelled("files", `1, ${formatBytes(file.bytes)}, a value of ${file.rows} architectures in each column`),
    "",
    columns([["column", "dataset", "device", "batch", "unit"], ...rows]),
  ];
  return lines.join("\n");
}

/** The action of `table info`. @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_JSON */
export function showTables(folder: string | undefined, json: boolean): void {
  const costs = requestedCosts(folder);
  const tables = isOnlyCosts(folder, costs) ? [] : requestedTables(folder);
  if (json) printJson({ tables: tables.map((found) => ({ ...found, bytes: tableBytes(found.card) })), costs });
  else print([...tables.map(describe), ...costs.map(describeCosts)].join("\n\n"));
}
