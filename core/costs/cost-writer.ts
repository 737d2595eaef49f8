import { createHash } from "node:crypto";
import path from "node:path";
import type { CostCard } from "../../schemas/generated/cost-card.ts";
import { writeFileSynced } from "../files/atomic-file.ts";
import { replaceFolder } from "../files/folder-replacement.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { type CostValues, columnTitle } from "./cost-column.ts";
import { encodeCosts } from "./cost-file.ts";
import { costContentHash } from "./cost-hash.ts";
import { COST_CARD_NAME, COSTS_NAME } from "./cost-table.ts";

/** What the writer can't derive from the values. */
export type CostIdentity = Omit<CostCard, "format" | "space" | "file" | "contentHash">;

/**
 * Writes a cost table so that its folder is there whole or not at all; one that is there is replaced.
 * @param values of each column of the identity, in its order
 * @returns the card
 * @throws NAS_WRITE_FAILED
 */
export function writeCostTable(folder: string, identity: CostIdentity, values: readonly CostValues[]): CostCard {
  const { columns, ...rest } = identity;
  const bytes = encodeCosts(new Map(columns.map((column, at) => [columnTitle(column), values[at] as CostValues])));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const card: CostCard = {
    format: 1,
    ...rest,
    space: "nas-bench-201",
    columns,
    file: { path: COSTS_NAME, sha256, bytes: bytes.length, rows: ARCHITECTURE_COUNT },
    contentHash: costContentHash(columns, values),
  };
  return replaceFolder(folder, true, (beside) => {
    writeFileSynced(path.join(beside, COSTS_NAME), bytes);
    writeFileSynced(path.join(beside, COST_CARD_NAME), Buffer.from(`${JSON.stringify(card, null, 2)}\n`));
    return card;
  });
}
