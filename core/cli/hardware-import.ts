import { existsSync } from "node:fs";
import path from "node:path";
import type { CostCard } from "../../schemas/generated/cost-card.ts";
import { COST_CARD_NAME, readCostCard } from "../costs/cost-table.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { importCostCsv } from "../importers/cost-csv.ts";
import { locateCostMapping, readCostMapping } from "../importers/cost-mapping.ts";
import { describeSource } from "../importers/csv-table.ts";
import { isMadeFrom } from "../tables/table-output.ts";
import type { ImportCsvFlags } from "./table-import.ts";
import { formatBytes } from "./table-info.ts";
import { print, printJson, remark } from "./terminal.ts";

/**
 * The card of the cost table that is in the folder and was made from the same two files, or null if it has to be made.
 * @throws NAS_OUTPUT_EXISTS if one of other files is there and may not be replaced, and as `readCostCard`
 */
function existingCard(folder: string, file: string, mappingFile: string, overwrite: boolean): CostCard | null {
  if (!existsSync(path.join(folder, COST_CARD_NAME))) return null;
  let card: CostCard;
  try {
    card = readCostCard(folder);
  } catch (error) {
    if (overwrite && error instanceof HarnessError) return null;
    throw error;
  }
  if (isMadeFrom(card, [describeSource(file), describeSource(mappingFile)])) return card;
  if (overwrite) return null;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the folder holds a cost table that was made from other files",
    where: `${folder}, costs ${card.id} ${card.version}`,
    next: "name another --output, or add --overwrite to replace it",
  });
}

/** The action of `table import hw`. @throws what reading, checking and writing throw; nothing is half-written */
export async function importHardware(file: string, flags: ImportCsvFlags): Promise<void> {
  const mappingFile = locateCostMapping(flags.mapping);
  const mapping = readCostMapping(mappingFile);
  const folder = flags.output ?? path.join("tables", mapping.table.id);
  const overwrite = flags.overwrite === true;
  const existing = flags.ifMissing === true ? existingCard(folder, file, mappingFile, overwrite) : null;
  const card = existing ?? (await importCostCsv(file, mapping, mappingFile, folder, overwrite));
  if (existing !== null) remark(`${folder} holds the costs of this CSV and mapping already; nothing was done`);
  if (flags.json === true) printJson({ folder, imported: existing === null, card });
  if (existing !== null || flags.json === true) return;
  const { id, version, columns, file: data } = card;
  print(`imported costs ${id} ${version} into ${folder} (${columns.length} columns, ${formatBytes(data.bytes)})`);
  remark(`check it: nas-harness table check ${folder}`);
}
