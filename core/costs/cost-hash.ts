import { createHash } from "node:crypto";
import type { CostColumn } from "../../schemas/generated/cost-card.ts";
import type { CostValues } from "./cost-column.ts";

/**
 * SHA-256 over the content of a cost table: for each column name, dataset, unit, then its values (little-endian float32,
 * zero where nothing was measured) and which of them were measured. File bytes and the rest of the card do not count.
 */
export function costContentHash(columns: readonly CostColumn[], values: readonly CostValues[]): string {
  const hash = createHash("sha256").update("nas-harness costs 1\n");
  columns.forEach(({ name, dataset, unit }, at) => {
    const own = values[at] as CostValues;
    const flags = own.recorded ?? new Uint8Array(own.values.length).fill(1);
    const measured = own.values.map((value, row) => (flags[row] === 0 ? 0 : value));
    hash.update(`${JSON.stringify([name, dataset ?? null, unit])}\n`);
    hash.update(new Uint8Array(measured.buffer)).update(flags);
  });
  return hash.digest("hex");
}
