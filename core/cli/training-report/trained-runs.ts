import path from "node:path";
import type { ReportColumn } from "../../../schemas/generated/protocol.ts";
import type { RunRecord, TrainingTrace } from "../../../schemas/generated/record.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { readMeasurements } from "../../records/measurements.ts";
import { readRecords, runKey } from "../../records/record-file.ts";
import { REVEALED_NAME, readRevealed } from "../../records/reveal.ts";
import type { InputsFile } from "../../records/session-inputs.ts";
import { readRunFacts } from "../../statistics/run-facts.ts";
import type { CellStanding } from "./cell-standing.ts";
import type { Variant } from "./weight-sharing-methods.ts";

/** The reported columns that the page shows. */
export interface ReportColumns {
  readonly valid: ReportColumn;
  readonly test: ReportColumn;
}

/** A run of a method that trains, with what its answer reached. */
export interface TrainedRun {
  readonly runIndex: number;
  /** The answered cell. */
  readonly answer: number;
  /** Reported accuracies of the answer, in percent. */
  readonly valid: number;
  readonly test: number;
  /** Share (0 to 1) of all cells that have a lower mean test accuracy. */
  readonly beaten: number;
  /** Simulated seconds of the search. */
  readonly seconds: number;
  readonly epochs: TrainingTrace["epochs"];
}

/** The runs of a variant of a weight-sharing method. */
export interface TrainedMethod extends Variant {
  readonly version: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Those that did not fail, at least one. */
  readonly runs: readonly TrainedRun[];
  readonly failed: number;
  /** Mean of the measured CPU seconds of a run; null: not measured. */
  readonly cpuSeconds: number | null;
}

function corrupt(folder: string, { runIndex }: RunRecord, what: string): HarnessError {
  return new HarnessError("NAS_RECORD_CORRUPT", {
    what: `run ${runIndex} ${what}`,
    where: path.join(folder, "records.jsonl"),
    next: "run the method again with --overwrite",
  });
}

/**
 * Reads a finished variant; null if every run failed.
 * @param folder the variant's result folder
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_RECORD_CORRUPT, NAS_REVEAL_INCOMPLETE
 */
export function readTrainedMethod(
  folder: string,
  inputs: InputsFile,
  variant: Variant,
  columns: ReportColumns,
  standing: CellStanding,
): TrainedMethod | null {
  // For its check that the records belong to the protocol and the table.
  readRunFacts(folder, inputs.definition, inputs.table);
  const revealed = new Map(readRevealed(folder).map((run) => [runKey(run), run.columns]));
  const measured = readMeasurements(folder);
  const records = readRecords(folder);
  const finished = records.filter(({ failure }) => failure === null);
  const runs = finished.map((record): TrainedRun => {
    const { runIndex, training, answers } = record;
    const answer = answers[0]?.architecture;
    if (training === undefined || training.epochs.length === 0)
      throw corrupt(folder, record, "has no epochs of training");
    if (answer === undefined || answers.length > 1) throw corrupt(folder, record, "has no single answer");
    const revealedValue = ({ column }: ReportColumn) => {
      const value = revealed.get(runKey(record))?.[column];
      if (typeof value === "number" && Number.isFinite(value)) return value;
      throw new HarnessError("NAS_REVEAL_INCOMPLETE", {
        what: `run ${runIndex} has no value for ${column}`,
        where: path.join(folder, REVEALED_NAME),
        next: "run the same command again with --resume; it reveals when all runs are there",
      });
    };
    const [valid, test] = [revealedValue(columns.valid), revealedValue(columns.test)];
    const beaten = standing.shareBeaten(test);
    return { runIndex, answer, valid, test, beaten, seconds: training.costMs / 1000, epochs: training.epochs };
  });
  if (runs.length === 0) return null;
  const seconds = finished.flatMap((run) => measured.get(runKey(run)) ?? []);
  return {
    ...variant,
    version: inputs.method.version,
    options: inputs.options,
    runs,
    failed: records.length - runs.length,
    cpuSeconds: seconds.length === 0 ? null : seconds.reduce((sum, own) => sum + own, 0) / seconds.length,
  };
}

/** What a value of the runs is, run by run. */
export function valuesOf(method: TrainedMethod, name: "valid" | "test" | "beaten" | "seconds" | "answer"): number[] {
  return method.runs.map((run) => run[name]);
}

/** Epochs that every run has. */
export function commonEpochs({ runs }: TrainedMethod): number {
  return Math.min(...runs.map(({ epochs }) => epochs.length));
}

/** The architectures that the runs would have answered after an epoch (from 1). */
export function architecturesAt({ runs }: TrainedMethod, epoch: number): number[] {
  return runs.map(({ epochs }) => epochs[epoch - 1]?.[0] as number);
}
