import { existsSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import type { SourceFile, TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFailure } from "../files/atomic-file.ts";
import { removeLeftovers } from "../files/leftovers.ts";
import { CARD_NAME } from "./search-view.ts";

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/**
 * Demands that a table may be written to a folder: it does not exist, is empty, or holds a table that may be replaced.
 * Whatever is no table is never replaced, so that a mistyped --output can't delete anything else.
 * @param cardName the file that makes the folder a table
 * @throws NAS_OUTPUT_EXISTS
 */
export function requireTableOutput(folder: string, overwrite: boolean, cardName = CARD_NAME): void {
  if (!existsSync(folder)) return;
  if (!existsSync(path.join(folder, cardName))) {
    if (isEmptyFolder(folder)) return;
    throw new HarnessError("NAS_OUTPUT_EXISTS", {
      what: `the output exists and is no table: it has no ${cardName}`,
      where: folder,
      allowed: "a folder that is empty or does not exist yet, or with --overwrite a table's folder",
      next: "name another --output",
    });
  }
  if (overwrite) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the folder holds a table already",
    where: folder,
    next: "name another --output, or add --overwrite to replace the table",
  });
}

/**
 * Puts right what a killed writer of a table left behind: a table that was just being replaced is back in its place, and
 * parts of a new one are removed. Only for a holder of the lock of the folder above.
 * @param folder the table's folder
 * @throws NAS_WRITE_FAILED
 */
export function recoverTable(folder: string): void {
  const [above, name] = [path.dirname(folder), path.basename(folder)];
  const replaced = readdirSync(above).find(
    (entry) => entry.startsWith(`${name}.`) && /^\d+\.old$/.test(entry.slice(name.length + 1)),
  );
  try {
    if (replaced !== undefined && !existsSync(folder)) renameSync(path.join(above, replaced), folder);
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
  removeLeftovers(above, [name]);
}

/** True if a table was made from exactly these files, whatever they were called. */
export function isMadeFrom(card: Pick<TableCard, "provenance">, sources: readonly SourceFile[]): boolean {
  const made = card.provenance.sources.map(({ sha256 }) => sha256);
  return made.length === sources.length && sources.every(({ sha256 }, at) => sha256 === made[at]);
}
