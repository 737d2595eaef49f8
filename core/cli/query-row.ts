import type { ReportColumn } from "../../schemas/generated/protocol.ts";
import { loadProtocol } from "../protocols/protocol-file.ts";
import type { Architecture } from "../space/codec.ts";
import { requireRecorded } from "../tables/availability.ts";
import { openReportedValues } from "../tables/reported-values.ts";
import { openTableFor } from "../tables/table-location.ts";
import { withoutNoise } from "./query-values.ts";

const PROTOCOL = "nas-bench-201";

/** The numbers of a row of the published table for one architecture. */
export interface PublishedRow {
  readonly architecture: Architecture;
  readonly protocol: string;
  readonly table: { readonly id: string; readonly version: string; readonly folder: string };
  /** Column names with accuracies in percent as text with two decimals, in the order of the published table. */
  readonly columns: readonly (readonly [name: string, accuracy: string])[];
}

/**
 * What the published table would show in a row of this architecture: the report columns of protocol nas-bench-201, means
 * over all trials.
 * @param tableFolder folder of `--table`, or undefined to search for a table that has all columns
 * @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_REFUSED, NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function publishedRow(architecture: Architecture, tableFolder: string | undefined): PublishedRow {
  const protocol = loadProtocol(PROTOCOL);
  const report: readonly ReportColumn[] = protocol.searches.flatMap((search) => search.report);
  const { folder, card } = openTableFor(protocol.table, tableFolder, (view) => {
    for (const { dataset, recipe, split, epoch } of report) {
      requireRecorded(view.card, dataset, recipe, `${split}Accuracy`, epoch);
    }
  });
  const reported = openReportedValues(folder, card);
  return {
    architecture,
    protocol: protocol.id,
    table: { id: card.id, version: card.version, folder },
    columns: report.map((column) => [column.column, withoutNoise(reported(architecture, column)).toFixed(2)]),
  };
}
