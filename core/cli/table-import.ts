import { existsSync } from "node:fs";
import path from "node:path";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { locateMapping, readMapping } from "../importers/csv-mapping.ts";
import { describeSource, importCsvTable } from "../importers/csv-table.ts";
import { CARD_NAME, readCard } from "../tables/search-view.ts";
import { isMadeFrom } from "../tables/table-output.ts";
import { formatBytes, tableBytes } from "./table-info.ts";
import { print, printJson, remark } from "./terminal.ts";

/** What the command line gives to `table import csv`. */
export interface ImportCsvFlags {
  mapping: string;
  output?: string;
  overwrite?: true;
  ifMissing?: true;
  json?: true;
}

/**
 * The card of the table that is in the folder and was made from the same two files, or null if it has to be made.
 * @throws NAS_OUTPUT_EXISTS if a table of other files is there and may not be replaced, and as `readCard`
 */
function existingCard(folder: string, file: string, mappingFile: string, overwrite: boolean): TableCard | null {
  if (!existsSync(path.join(folder, CARD_NAME))) return null;
  let card: TableCard;
  try {
    card = readCard(folder);
  } catch (error) {
    if (overwrite && error instanceof HarnessError) return null;
    throw error;
  }
  if (isMadeFrom(card, [describeSource(file), describeSource(mappingFile)])) return card;
  if (overwrite) return null;
  const made = card.provenance.sources.map((source) => `${source.file} (${source.sha256.slice(0, 12)}...)`);
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the folder holds a table that was made from other files",
    where: `${folder}, table ${card.id} ${card.version}, made from ${made.join(" and ")}`,
    next: "name another --output, or add --overwrite to replace the table",
  });
}

/** The action of `table import csv`. @throws what reading, checking and writing throw; nothing is half-written */
export async function importCsv(file: string, flags: ImportCsvFlags): Promise<void> {
  const mappingFile = locateMapping(flags.mapping);
  const mapping = readMapping(mappingFile);
  const folder = flags.output ?? path.join("tables", mapping.table.id);
  const overwrite = flags.overwrite === true;
  const existing = flags.ifMissing === true ? existingCard(folder, file, mappingFile, overwrite) : null;
  const card = existing ?? (await importCsvTable(file, mapping, mappingFile, folder, overwrite));
  if (existing !== null) remark(`${folder} holds the table of this CSV and mapping already; nothing was done`);
  if (flags.json === true) printJson({ folder, imported: existing === null, card });
  if (existing !== null || flags.json === true) return;
  const files = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipe.files));
  print(`imported ${card.id} ${card.version} into ${folder} (${files.length} files, ${formatBytes(tableBytes(card))})`);
  remark(`check it: nas-harness table check ${folder}`);
}
