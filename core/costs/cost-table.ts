import { existsSync } from "node:fs";
import path from "node:path";
import type { CostCard } from "../../schemas/generated/cost-card.ts";
import { costCard } from "../../schemas/generated/validators.cjs";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";
import type { Architecture } from "../space/codec.ts";
import { readVerifiedFile } from "../tables/trial-file.ts";
import { type CostValues, columnTitle } from "./cost-column.ts";
import { decodeCosts } from "./cost-file.ts";
import { costContentHash } from "./cost-hash.ts";

/** Name of the card inside a cost table's folder. */
export const COST_CARD_NAME = "costs.json";

/** Name of the Arrow file beside it. */
export const COSTS_NAME = "costs.arrow";

/** A cost table that is read. */
export interface CostTable {
  readonly folder: string;
  readonly card: CostCard;
  /** Values of each column, in the order of the card. */
  readonly values: readonly CostValues[];
}

/** Reads a cost table's card. @throws NAS_TABLE_NOT_FOUND, NAS_JSON, NAS_TABLE_CORRUPT */
export function readCostCard(folder: string): CostCard {
  const file = path.join(folder, COST_CARD_NAME);
  if (existsSync(file)) return readDocument<CostCard>(file, costCard, "NAS_TABLE_CORRUPT");
  throw new HarnessError("NAS_TABLE_NOT_FOUND", {
    what: `this folder is no cost table: it has no ${COST_CARD_NAME}`,
    where: folder,
    next: "make one: nas-harness table import hw --help",
  });
}

/**
 * Opens a cost table; its file is checked against size and SHA-256, its content against the content hash.
 * @throws NAS_TABLE_NOT_FOUND, NAS_JSON, NAS_TABLE_CORRUPT
 */
export function openCostTable(folder: string): CostTable {
  const card = readCostCard(folder);
  const corrupt = (what: string, cause?: unknown) =>
    new HarnessError("NAS_TABLE_CORRUPT", {
      what,
      where: path.join(folder, card.file.path),
      next: "import it again: nas-harness table import hw --help",
      cause,
    });
  const bytes = readVerifiedFile(folder, card.file);
  let values: CostValues[];
  try {
    values = decodeCosts(bytes, card.columns.map(columnTitle));
  } catch (cause) {
    throw corrupt(`the file is not what the card describes: ${messageOf(cause)}`, cause);
  }
  const hash = costContentHash(card.columns, values);
  if (hash !== card.contentHash) throw corrupt(`the content's hash is ${hash}, the card says ${card.contentHash}`);
  return { folder, card, values };
}

/** A column's value of an architecture; null where nothing was measured. */
export function costAt({ values, recorded }: CostValues, architecture: Architecture): number | null {
  return recorded?.[architecture] === 0 ? null : (values[architecture] as number);
}
