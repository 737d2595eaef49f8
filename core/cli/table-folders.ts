import path from "node:path";
import type { TableCard } from "../../schemas/generated/table-card.ts";
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

/** Heading of a table in what the commands print. */
export function tableHeading({ folder, card }: FoundTable): string {
  return `table ${card.id} ${card.version} (${folder})`;
}
