import { eachRecord } from "../../core/records/record-file.ts";
import { readRevealed } from "../../core/records/reveal.ts";
import { readSubmittedRuns, submittedRunOf } from "../../core/submissions/submitted-run.ts";
import type { ReportedValueOf } from "../../core/tables/reported-values.ts";
import type { ProtocolSearch, ReportColumn } from "../../schemas/generated/protocol.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import type { RunSource } from "../generator/run-summaries.ts";
import type { ShownRun } from "./site-model.ts";

function valuesOf(
  run: SubmittedRun,
  report: readonly ReportColumn[],
  reported: ReportedValueOf,
): Record<string, number> {
  if (run.failure !== undefined) return {};
  const value = (column: ReportColumn) =>
    run.answers.reduce((sum, { architecture, weight }) => sum + weight * reported(architecture, column), 0);
  return Object.fromEntries(report.map((column) => [column.column, value(column)]));
}

/**
 * The runs of a row, in the order of the plan.
 * @param reported the table's values; null where it is not at hand: then a submission's runs have none
 * @throws NAS_RECORD_CORRUPT, NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA naming a broken line
 */
export function readShownRuns(source: RunSource, search: ProtocolSearch, reported: ReportedValueOf | null): ShownRun[] {
  if (source.kind === "submission") {
    const runs = readSubmittedRuns(source.folder).filter((run) => run.search === search.id);
    return runs.map((run) => ({ ...run, values: reported === null ? {} : valuesOf(run, search.report, reported) }));
  }
  const revealed = readRevealed(source.folder).filter((run) => run.search === search.id);
  const values = new Map(revealed.map(({ runIndex, columns }) => [runIndex, columns]));
  const runs: ShownRun[] = [];
  for (const { record } of eachRecord(source.folder)) {
    if (record.search !== search.id) continue;
    runs.push({ ...submittedRunOf(record, search), values: values.get(record.runIndex) ?? {} });
  }
  return runs;
}
