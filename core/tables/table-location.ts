import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { datasetManifest } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";
import { CARD_NAME, openSearchView, readCard, type SearchView } from "./search-view.ts";

/** Environment variable with folders of tables, separated as in PATH. */
export const TABLES_VARIABLE = "NAS_HARNESS_TABLES";
const DATASET_PLUGINS = path.join(import.meta.dirname, "../../plugins/datasets");
const MANIFEST_NAME = "plugin.json";

const IMPORT_COMMAND = "nas-harness table import csv <file.csv.gz> --mapping <mapping.json>";

const isTable = (folder: string) => existsSync(path.join(folder, CARD_NAME));

/** The manifest of a dataset plugin; null where it is none or broken: whoever loads the plugin says what is wrong with it. */
function manifestOf(plugin: string): DatasetManifest | null {
  try {
    return readDocument<DatasetManifest>(path.join(plugin, MANIFEST_NAME), datasetManifest);
  } catch (error) {
    if (error instanceof HarnessError) return null;
    throw error;
  }
}

/** The table's folder that a dataset plugin's manifest names, whether it is there or not; null where it names none. */
export function tableOfDataset(plugin: string): string | null {
  const table = manifestOf(plugin)?.table;
  return table === undefined ? null : path.join(plugin, table);
}

/** The folder around a file, or one above that, which has a manifest of a plugin; null if none has. */
function pluginAround(file: string): string | null {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, MANIFEST_NAME))) return at;
    if (at === path.dirname(at)) return null;
  }
}

/**
 * The table that belongs to a protocol's file: that of the dataset plugin whose folder holds the file and whose manifest
 * names it. Null where there is no such plugin or no such table, and for the id of a built-in protocol.
 */
export function tableOfProtocol(idOrPath: string): string | null {
  const file = path.resolve(idOrPath);
  const plugin = idOrPath.endsWith(".json") ? pluginAround(file) : null;
  const manifest = plugin === null ? null : manifestOf(plugin);
  if (plugin === null || manifest?.protocol === undefined) return null;
  if (path.resolve(plugin, manifest.protocol) !== file || manifest.table === undefined) return null;
  const table = path.join(plugin, manifest.table);
  return isTable(table) ? table : null;
}

/** The dataset plugin whose folder holds a table, or null. */
export function datasetAround(table: string): { readonly folder: string; readonly manifest: DatasetManifest } | null {
  const folder = pluginAround(path.resolve(table, CARD_NAME));
  const manifest = folder === null ? null : manifestOf(folder);
  return folder === null || manifest === null ? null : { folder, manifest };
}

/**
 * The manifest of the dataset plugin whose images a table was trained on: the one whose folder holds the table, or the built-in
 * one of that name. Null where neither is the named version: then what is known of the images is in the card alone.
 */
export function datasetOfTable(table: string, trainedOn: { readonly name: string; readonly version: string }) {
  const around = pluginAround(path.resolve(table));
  const candidates = [...(around === null ? [] : [around]), path.join(DATASET_PLUGINS, trainedOn.name)];
  const isIt = (manifest: DatasetManifest | null): manifest is DatasetManifest =>
    manifest?.name === trainedOn.name && manifest.version === trainedOn.version;
  return candidates.map(manifestOf).find(isIt) ?? null;
}

/** A root that is a table itself, and the tables in it, by name. */
function tablesBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  const names = readdirSync(root).sort();
  return [root, ...names.map((name) => path.join(root, name))].filter(isTable);
}

/** Roots below which tables lie: those of `$NAS_HARNESS_TABLES`, then `./tables`. */
export function tableRoots(): string[] {
  const named = (process.env[TABLES_VARIABLE] ?? "").split(path.delimiter).filter((root) => root !== "");
  return [...named, "tables"];
}

/** Folders of all tables that are found: below `$NAS_HARNESS_TABLES`, below `./tables`, then those of dataset plugins. */
export function findTables(): string[] {
  const plugins = existsSync(DATASET_PLUGINS) ? readdirSync(DATASET_PLUGINS).sort() : [];
  const ofPlugins = plugins.flatMap((name) => tableOfDataset(path.join(DATASET_PLUGINS, name)) ?? []);
  return [...tableRoots().flatMap(tablesBelow), ...ofPlugins.filter(isTable)];
}

/**
 * Opens the first table of a benchmark that serves a purpose.
 * @param given folder of `--table`; then no other one is considered
 * @param demand throws NAS_TABLE_REFUSED or NAS_NOT_RECORDED if a table lacks something
 * @param own folder of a table that is considered before those that are found, or null
 * @throws NAS_TABLE_NOT_FOUND if there is none; what `demand` threw for the first one if none serves
 */
export function openTableFor(
  benchmark: string,
  given: string | undefined,
  demand: (view: SearchView) => void = () => {},
  own: string | null = null,
): SearchView {
  if (given !== undefined) {
    const view = openSearchView(given);
    if (view.card.benchmark !== benchmark) {
      throw new HarnessError("NAS_TABLE_REFUSED", {
        what: `the table belongs to benchmark ${view.card.benchmark}, the protocol asks for ${benchmark}`,
        where: given,
        next: "name a table of that benchmark, or another --protocol (nas-harness list)",
      });
    }
    demand(view);
    return view;
  }
  let refusal: unknown = null;
  const candidates = [...(own === null ? [] : [own]), ...findTables()];
  for (const folder of candidates.filter((candidate) => readCard(candidate).benchmark === benchmark)) {
    const view = openSearchView(folder);
    try {
      demand(view);
      return view;
    } catch (error) {
      const refused = error instanceof HarnessError && ["NAS_TABLE_REFUSED", "NAS_NOT_RECORDED"].includes(error.code);
      if (!refused) throw error;
      refusal ??= error;
    }
  }
  if (refusal !== null) throw refusal;
  throw new HarnessError("NAS_TABLE_NOT_FOUND", {
    what: `there is no table of benchmark ${benchmark}`,
    where: `looked in $${TABLES_VARIABLE}, ./tables and the dataset plugins`,
    next: `make one: ${IMPORT_COMMAND}, or nas-harness table build <dataset> (each has --help); or name its folder with --table`,
  });
}
