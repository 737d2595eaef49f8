import { createHash } from "node:crypto";
import path from "node:path";
import type {
  TableCard,
  TableColumn,
  TableDataset,
  TableFile,
  TableRecipe,
} from "../../schemas/generated/table-card.ts";
import { writeFileSynced } from "../files/atomic-file.ts";
import { replaceFolder } from "../files/folder-replacement.ts";
import { type Compression, encodeTrials } from "./arrow-file.ts";
import {
  isResult,
  itemsPerRow,
  METRIC_NAMES,
  METRIC_VIEWS,
  type MetricColumn,
  type TrialRows,
  type TrialTable,
  type View,
} from "./column.ts";
import { type SearchContent, searchContentHash } from "./content-hash.ts";
import { CARD_NAME } from "./search-view.ts";
import { sortTrials, takeRows } from "./trial-order.ts";

/** All trials of one (dataset, recipe), search and test columns together. */
export interface RecipeContent {
  readonly recipe: string;
  /** Epochs of the whole schedule. */
  readonly epochs: number;
  readonly rows: TrialRows;
  readonly columns: readonly MetricColumn[];
  /** True: each trial seed gets files of its own (`search-777.arrow`), so that a table can grow seed by seed. */
  readonly hasFilePerSeed?: boolean;
  /** How its files are stored; "none" unless given. */
  readonly compression?: Compression;
}

/** One dataset and its recipes. */
export interface DatasetContent extends Omit<TableDataset, "recipes"> {
  readonly recipes: readonly RecipeContent[];
}

/** What the writer can't derive from the values. */
export type CardIdentity = Omit<TableCard, "format" | "units" | "datasets" | "searchContentHash">;

/** The columns of one view in fixed order, without rows in which that view records nothing; null if it has no column. */
export function viewOf(content: RecipeContent, view: View): TrialTable | null {
  const columns = METRIC_NAMES.filter((name) => METRIC_VIEWS[name] === view).flatMap((name) =>
    content.columns.filter((column) => column.name === name),
  );
  if (columns.length === 0) return null;
  // One copy of the weights' hashes is enough, and queries may see it.
  const { weightsSha256, ...rows } = content.rows;
  const hashes = view === "search" && weightsSha256 !== undefined ? { weightsSha256 } : {};
  return dropEmptyRows(sortTrials({ rows: { ...rows, ...hashes }, columns }));
}

function dropEmptyRows(table: TrialTable): TrialTable {
  const rows = table.rows.architecture.length;
  // Times and sizes alone are no result: a row must hold an accuracy or a loss.
  const results = table.columns.filter((column) => isResult(column.name));
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) {
    const holds = results.some((column) => {
      const items = itemsPerRow(column);
      return column.recorded === null || column.recorded.subarray(row * items, (row + 1) * items).includes(1);
    });
    if (holds) kept.push(row);
  }
  return kept.length === rows ? table : takeRows(table, kept);
}

/** The trials of each seed, by ascending seed. */
function bySeed(table: TrialTable): { suffix: string; rows: TrialTable }[] {
  const seeds = [...new Set(table.rows.trialSeed)].sort((a, b) => (a ?? 0) - (b ?? 0));
  return seeds.map((seed) => {
    const positions = table.rows.trialSeed.flatMap((own, row) => (own === seed ? [row] : []));
    return { suffix: `-${seed}`, rows: takeRows(table, positions) };
  });
}

/** Columns as a card lists them, in the fixed order. */
export function describeColumns(columns: readonly Pick<MetricColumn, "name" | "epochs">[]): TableColumn[] {
  return METRIC_NAMES.flatMap((name) =>
    columns
      .filter((column) => column.name === name)
      .map(({ epochs }) => ({
        name,
        view: METRIC_VIEWS[name],
        epochs: epochs === "constant" ? epochs : ([...epochs] as [number, ...number[]]),
      })),
  );
}

/**
 * Writes trials as one file of a table.
 * @param place its path inside the table's folder
 * @throws the system's error
 */
export function writeTrialFile(
  folder: string,
  place: string,
  table: TrialTable,
  compression?: Compression,
): Omit<TableFile, "view"> {
  const bytes = encodeTrials(table, compression);
  writeFileSynced(path.join(folder, place), bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path: place, sha256, bytes: bytes.length, rows: table.rows.architecture.length };
}

function writeRecipe(folder: string, dataset: string, content: RecipeContent, contents: SearchContent[]): TableRecipe {
  const files: TableFile[] = [];
  for (const view of ["search", "test"] as const) {
    const table = viewOf(content, view);
    if (table === null) continue;
    for (const { suffix, rows } of content.hasFilePerSeed ? bySeed(table) : [{ suffix: "", rows: table }]) {
      const place = `${dataset}/${content.recipe}/${view}${suffix}.arrow`;
      files.push({ view, ...writeTrialFile(folder, place, rows, content.compression) });
    }
    if (view === "search") contents.push({ dataset, recipe: content.recipe, table });
  }
  const seeds = new Set([...content.rows.trialSeed, ...content.rows.aggregatedSeeds.flatMap((list) => list ?? [])]);
  return {
    id: content.recipe,
    epochs: content.epochs,
    seeds: [...seeds].filter((seed): seed is number => seed !== null).sort((a, b) => a - b),
    columns: describeColumns(content.columns),
    files,
  };
}

/** Units of every table's columns. */
export const UNITS: TableCard["units"] = { accuracy: "percent", loss: "nats", time: "ms" };

/** A card as the bytes of its file. */
export function cardBytes(card: TableCard): Buffer {
  return Buffer.from(`${JSON.stringify(card, null, 2)}\n`);
}

/**
 * Writes a table so that its folder is there whole or not at all, and returns its card.
 * @throws NAS_OUTPUT_EXISTS unless `overwrite`, NAS_WRITE_FAILED
 */
export function writeTable(
  folder: string,
  identity: CardIdentity,
  datasets: readonly DatasetContent[],
  overwrite = false,
): TableCard {
  return replaceFolder(folder, overwrite, (beside) => {
    const contents: SearchContent[] = [];
    const written = datasets.map(({ recipes, ...dataset }) => ({
      ...dataset,
      recipes: recipes.map((recipe) => writeRecipe(beside, dataset.id, recipe, contents)),
    }));
    const card: TableCard = {
      format: 1,
      ...identity,
      units: UNITS,
      datasets: written,
      searchContentHash: searchContentHash(contents),
    };
    writeFileSynced(path.join(beside, CARD_NAME), cardBytes(card));
    return card;
  });
}
