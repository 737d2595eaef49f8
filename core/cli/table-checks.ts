import { HarnessError } from "../errors/harness-error.ts";
import { checkFailure, checkTable, type TableCheck } from "../tables/table-check.ts";
import { requestedTables, tableHeading } from "./table-folders.ts";
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
  const results = requestedTables(folder).map((found) => ({ found, checks: checkTable(found.folder, found.card) }));
  if (!json) {
    for (const { found, checks } of results) print(`${tableHeading(found)}\n${describe(checks)}\n`);
  }
  const failures = results.flatMap(({ found, checks }) => checkFailure(found.folder, checks) ?? []);
  if (failures.length > 0) throw together(failures);
  if (json) {
    printJson({ tables: results.map(({ found, checks }) => ({ folder: found.folder, id: found.card.id, checks })) });
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
