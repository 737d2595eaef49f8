import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { TABLES_VARIABLE, tableRoots } from "../tables/table-location.ts";
import { COST_CARD_NAME, type CostTable, openCostTable, readCostCard } from "./cost-table.ts";

/** True for a folder with a cost table's card. */
export function isCostTable(folder: string): boolean {
  return existsSync(path.join(folder, COST_CARD_NAME));
}

/** Folders of all cost tables that are found, where benchmark tables are: below `$NAS_HARNESS_TABLES`, then `./tables`. */
export function findCostTables(): string[] {
  return tableRoots().flatMap((root) => {
    if (!existsSync(root)) return [];
    const below = readdirSync(root).sort();
    return [root, ...below.map((name) => path.join(root, name))].filter(isCostTable);
  });
}

/**
 * Opens the first cost table with an id.
 * @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_JSON
 */
export function openCostTableById(id: string): CostTable {
  const folders = findCostTables();
  const folder = folders.find((candidate) => readCostCard(candidate).id === id);
  if (folder !== undefined) return openCostTable(folder);
  const known = folders.map((candidate) => readCostCard(candidate).id);
  throw new HarnessError("NAS_TABLE_NOT_FOUND", {
    what: `there is no cost table ${id}`,
    where: `looked in $${TABLES_VARIABLE} and ./tables`,
    ...(known.length === 0 ? {} : { allowed: `found were ${[...new Set(known)].join(", ")}` }),
    next: `make it: nas-harness table import hw <file.csv.gz> --mapping ${id} (or with a mapping of your own)`,
  });
}
