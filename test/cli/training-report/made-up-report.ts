import { CellStanding } from "../../../core/cli/training-report/cell-standing.ts";
import type { OtherMethod } from "../../../core/cli/training-report/other-methods.ts";
import { renderTrainingReport } from "../../../core/cli/training-report/page.ts";
import type { TrainingReport } from "../../../core/cli/training-report/report.ts";
import type { TrainedMethod } from "../../../core/cli/training-report/trained-runs.ts";
import { VARIANTS, type Variant } from "../../../core/cli/training-report/weight-sharing-methods.ts";
import { ARCHITECTURE_COUNT } from "../../../core/space/operations.ts";
import { readPublished } from "../../../leaderboard/generator/published-rows.ts";

/** A run of a made-up method. */
export interface MadeUpTraining {
  /** Percent. */
  readonly test: number;
  /** Architectures after each epoch; the last one is the answer. */
  readonly cells: readonly number[];
}

/** Cell n has a test accuracy of n / 15,625 x 100 percent. */
export const STANDING: CellStanding = new CellStanding(
  Array.from({ length: ARCHITECTURE_COUNT }, (_, cell) => (100 * cell) / ARCHITECTURE_COUNT),
);

/** A variant of a weight-sharing method with made-up runs; an epoch costs a second. */
export function trainedMethod(variant: string, runs: readonly MadeUpTraining[], seconds = 50): TrainedMethod {
  return {
    ...(VARIANTS.find((own) => own.variant === variant) as Variant),
    version: "1.0.0",
    options: { channels: 8, cellsPerStage: 1, epochs: 50, imagesPerEpoch: 3200, batchSize: 64 },
    failed: 0,
    cpuSeconds: 12.5,
    runs: runs.map(({ test, cells }, runIndex) => ({
      runIndex,
      answer: cells.at(-1) as number,
      valid: test + 1,
      test,
      beaten: STANDING.shareBeaten(test),
      seconds,
      epochs: cells.map((cell, at) => [cell, (at + 1) * 1000, "a", "b"]),
    })),
  };
}

/** A method that looks values up. */
export function otherMethod(method: string, test: readonly number[]): OtherMethod {
  const beaten = STANDING.shareBeaten(test[0] as number);
  return { method, title: method.toUpperCase(), valid: test, test, beaten, failed: 0, seconds: 25, cpuSeconds: 0.0004 };
}

/** A report with these methods and nothing else. */
export function madeUpReport(trained: readonly TrainedMethod[], changes: Partial<TrainingReport> = {}): TrainingReport {
  const published = readPublished()[0];
  if (published === undefined) throw new Error("nothing is published");
  return {
    harness: "0.1.0",
    protocol: { id: "made-up", version: "1.0.0" },
    table: { id: "made-up", version: "1.0.0", title: "Made up", searchContentHash: "a".repeat(64) },
    standing: STANDING,
    trained,
    others: [],
    leftOut: [],
    entropies: new Map(),
    hasLog: false,
    published,
    ...changes,
  };
}

/** The page of such a report. */
export function pageOf(trained: readonly TrainedMethod[], changes: Partial<TrainingReport> = {}): string {
  return renderTrainingReport(madeUpReport(trained, changes), "nas-harness training-report --results made-up");
}
