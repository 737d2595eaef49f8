import { readRevealed } from "../../records/reveal.ts";
import type { InputsFile } from "../../records/session-inputs.ts";
import { readSummary } from "../../statistics/summary-file.ts";
import type { CellStanding } from "./cell-standing.ts";
import type { ReportColumns } from "./trained-runs.ts";

/** A method among the results that is none of the weight-sharing ones. */
export interface OtherMethod {
  readonly method: string;
  readonly title: string;
  /** Reported accuracies in percent of the runs that did not fail, at least one. */
  readonly valid: readonly number[];
  readonly test: readonly number[];
  /** Mean share (0 to 1) of all cells that a run's answer beats in mean test accuracy. */
  readonly beaten: number;
  readonly failed: number;
  /** Mean simulated seconds of a search. */
  readonly seconds: number;
  /** Mean measured CPU seconds of a run; null: not measured. */
  readonly cpuSeconds: number | null;
}

/**
 * Reads a finished method; null if every run failed.
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA
 */
export function readOtherMethod(
  folder: string,
  inputs: InputsFile,
  columns: ReportColumns,
  standing: CellStanding,
): OtherMethod | null {
  const [row] = readSummary(folder).rows;
  if (row === undefined || row.runs === 0) return null;
  const revealed = readRevealed(folder).flatMap((run) => {
    const [valid, test] = [run.columns[columns.valid.column], run.columns[columns.test.column]];
    return valid === undefined || test === undefined ? [] : [{ valid, test }];
  });
  const test = revealed.map((run) => run.test);
  return {
    method: inputs.method.id,
    title: inputs.method.title,
    valid: revealed.map((run) => run.valid),
    test,
    beaten: test.reduce((sum, value) => sum + standing.shareBeaten(value), 0) / test.length,
    failed: row.failedRuns,
    seconds: row.searchSeconds,
    cpuSeconds: row.measuredCpuSeconds,
  };
}
