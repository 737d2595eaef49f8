import path from "node:path";
import { parseArchitectureOrIndex } from "../space/codec.ts";
import { openSearchView, type SearchView } from "../tables/search-view.ts";
import { findTables } from "../tables/table-location.ts";
import { hardwareCosts } from "./query-costs.ts";
import { architectureReport, formatReport } from "./query-report.ts";
import { publishedRow } from "./query-row.ts";
import { print, printJson, remark } from "./terminal.ts";

/** What the command line gives to `query`. */
export interface QueryFlags {
  table?: string;
  row?: true;
  json?: true;
}

/** The named table, or the first that is found; null if there is none. @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT */
function openAnyTable(folder: string | undefined): SearchView | null {
  const place = folder === undefined ? findTables()[0] : path.normalize(folder);
  return place === undefined ? null : openSearchView(place);
}

/**
 * The action of `query`.
 * @param text an architecture string or an index
 * @throws NAS_ARCHITECTURE_SYNTAX with a caret, NAS_ARCHITECTURE_INDEX, and what opening a table throws
 */
export function queryArchitecture(text: string, flags: QueryFlags): void {
  const architecture = parseArchitectureOrIndex(text);
  if (flags.row === true) {
    const row = publishedRow(architecture, flags.table);
    if (flags.json === true) {
      const columns = row.columns.map(([name, accuracy]) => [name, Number(accuracy)]);
      printJson({ ...row, columns: Object.fromEntries(columns) });
      return;
    }
    remark(row.columns.map(([name]) => name).join(" "));
    print(row.columns.map(([, accuracy]) => accuracy).join(" "));
    return;
  }
  const view = openAnyTable(flags.table);
  const report = architectureReport(architecture, view, hardwareCosts(architecture));
  if (flags.json === true) printJson(report);
  else print(formatReport(report));
  if (view === null) {
    remark(
      "\nno benchmark table was found, so no recorded values are shown; make one: nas-harness table import --help",
    );
  }
}
