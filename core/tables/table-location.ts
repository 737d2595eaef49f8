import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { CARD_NAME, openSearchView, readCard, type SearchView } from "./search-view.ts";

/** Environment variable with folders of tables, separated as in PATH. */
export const TABLES_VARIABLE = "NAS_HARNESS_TABLES";
const DATASET_PLUGINS = path.join(import.meta.dirname, "../../plugins/datasets");

const IMPORT_HINT = "nas-harness table import csv <file.csv.gz> --mapping <mapping.json>";

/** Folders below which tables are looked for, in order: `$NAS_HARNESS_TABLES`, `./tables`, then the dataset plugins'. */
export function tableRoots(): string[] {
  const named = (process.env[TABLES_VARIABLE] ?? "").split(path.delimiter).filter((root) => root !== "");
  const plugins = existsSync(DATASET_PLUGINS)
    ? readdirSync(DATASET_PLUGINS)
        .sort()
        .map((name) => path.join(DATASET_PLUGINS, name))
    : [];
  return [...named, "tables", ...plugins];
}

/** Folders of all tables that are found, in order of the roots and then by name. */
export function findTables(): string[] {
  return tableRoots().flatMap((root) => {
    if (!existsSync(root)) return [];
    const folders = [
      root,
      ...readdirSync(root)
        .sort()
        .map((name) => path.join(root, name)),
    ];
    return folders.filter((folder) => existsSync(path.join(folder, CARD_NAME)));
  });
}

/**
 * Opens the first table of a benchmark that serves a purpose.
 * @param given folder of `--table`; then no other one is considered
 * @param demand throws NAS_TABLE_REFUSED or NAS_NOT_RECORDED if a table lacks something
 * @throws NAS_TABLE_NOT_FOUND if there is none; what `demand` threw for the first one if none serves
 */
export function openTableFor(
  benchmark: string,
  given: string | undefined,
  demand: (view: SearchView) => void = () => {},
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
  for (const folder of findTables().filter((candidate) => readCard(candidate).benchmark === benchmark)) {
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
    next: `make one: ${IMPORT_HINT} (nas-harness table import --help); or name its folder with --table`,
  });
}
