import { type CostTable, openCostTable } from "../../core/costs/cost-table.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";

/**
 * Opens tables of hardware costs, each name, version and content once; a broken one is left out, since nothing but its own
 * figures depends on it.
 * @param remarks receives which were left out, and why
 */
export function openCosts(folders: readonly string[], remarks: string[]): CostTable[] {
  const found = new Map<string, CostTable>();
  for (const folder of folders) {
    try {
      const costs = openCostTable(folder);
      const key = JSON.stringify([costs.card.id, costs.card.version, costs.card.contentHash]);
      if (!found.has(key)) found.set(key, costs);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      remarks.push(`costs of ${folder} are left out: ${error.details.what}`);
    }
  }
  return [...found.values()];
}
