import path from "node:path";
import type { CostCard } from "../../schemas/generated/cost-card.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { findCostTables, isCostTable } from "../costs/cost-location.ts";
import { readCostCard } from "../costs/cost-table.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { readCard } from "../tables/search-view.ts";
import { findTables, TABLES_VARIABLE } from "../tables/table-location.ts";

/** A table's folder and card. */
export interface FoundTable {
  readonly folder: string;
  readonly card: TableCard;
}

/**
 * The table of a folder that was named, or every table that is found.
 * @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_JSON
 */
export function requestedTables(folder: string | undefined): FoundTable[] {
  const folders = folder === undefined ? findTables() : [path.normalize(folder)];
  if (folders.length > 0) return folders.map((found) => ({ folder: found, card: readCard(found) }));
  throw new HarnessError("NAS_TABLE_NOT_FOUND", {
    what: "no benchmark table was found",
    where: `looked in $${TABLES_VARIABLE}, ./tables and the dataset plugins`,
    next: "make one (nas-harness table import --help), or name a table's folder",
  });
}

/** A cost table's folder and card. */
export interface FoundCosts {
  readonly folder: string;
  readonly card: CostCard;
}

/** The cost table of a folder that was named, none if it holds no cost table; or every one that is found. @throws NAS_TABLE_CORRUPT, NAS_JSON */
export function requestedCosts(folder: string | undefined): FoundCosts[] {
  const folders = folder === undefined ? findCostTables() : [path.normalize(folder)].filter(isCostTable);
  return folders.map((found) => ({ folder: found, card: readCostCard(found) }));
}

/** True if there are cost tables and no benchmark table is asked for, or none is there. */
export function isOnlyCosts(folder: string | undefined, costs: readonly FoundCosts[]): boolean {
  return costs.length > 0 && (folder !== undefined || findTables().length === 0);
}

/** Heading of a cost table in what the commands print. */
export function costsHeading({ folder, card }: FoundCosts): string {
  return `costs ${card.id} ${card.version} (${folder})`;
}

/** Heading of a table in what the commands print. */
export function tableHeading({ folder, card }: FoundTable): string {
  return `table ${card.id} ${card.version} (${folder})`;
}
