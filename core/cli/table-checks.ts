import { checkCostTable } from "../costs/cost-check.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { checkFailure, checkTable, type TableCheck } from "../tables/table-check.ts";
import { costsHeading, isOnlyCosts, requestedCosts, requestedTables, tableHeading } from "./table-folders.ts";
import { columns, print, printJson } from "./terminal.ts";

function describe(checks: readonly TableCheck[]): string {
  const header = ["result", "check", "of", "found"];
  return columns([header, ...checks.map(({ result, check, subject, found }) => [result, check, subject, found])]);
}

/**
 * The action of `table check`: prints every check of every table.
 * @throws NAS_TABLE_CHECK_FAILED with all problems of all tables; NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT (a broken card)
 */
export function checkTables(folder: string | undefined, json: boolean): void {
  const costs = requestedCosts(folder);
  const tables = isOnlyCosts(folder, costs) ? [] : requestedTables(folder);
  const results = [
    ...tables.map((found) => ({
      ...{ folder: found.folder, id: found.card.id, heading: tableHeading(found) },
      checks: checkTable(found.folder, found.card),
    })),
    ...costs.map((found) => ({
      ...{ folder: found.folder, id: found.card.id, heading: costsHeading(found) },
      checks: checkCostTable(found.folder, found.card),
    })),
  ];
  if (!json) {
    for (const { heading, checks } of results) print(`${heading}\n${describe(checks)}\n`);
  }
  const failures = results.flatMap((one) => checkFailure(one.folder, one.checks) ?? []);
  if (failures.length > 0) throw together(failures);
  if (json) {
    printJson({ tables: results.map(({ heading: _, ...result }) => result) });
  } else {
    print(`all ${results.reduce((total, { checks }) => total + checks.length, 0)} checks passed`);
  }
}

/** The failures of several tables as one error. */
function together(failures: readonly HarnessError[]): HarnessError {
  const [first, ...others] = failures as [HarnessError, ...HarnessError[]];
  if (others.length === 0) return first;
  return new HarnessError("NAS_TABLE_CHECK_FAILED", {
    ...first.details,
    what: `${failures.length} tables failed checks`,
    where: failures.map(({ details }) => `${details.where} (${details.what})`).join("\n"),
  });
}
