import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { runKey } from "../records/record-file.ts";
import type { FirstEpoch } from "./first-epochs.ts";

/** A run of a method that trains is made again in full if it is expected to last less, in seconds. */
export const WHOLE_RUN_SECONDS = 600;
/** A run that lasts longer all the same is ended after so many seconds: an expectation may be wrong by some factor. */
export const LONGEST_WHOLE_RUN_SECONDS = 3 * WHOLE_RUN_SECONDS;

/**
 * The position of the run that is made again in full. It depends on the base commit, which nobody knew when the runs were
 * made, and on the method.
 * @param count runs of the submission
 */
export function drawnRun(base: string, method: string, count: number): number {
  return new Random(hashOf(["nas-harness/whole-run", base, method])).integer(count);
}

/** How long a whole run is expected to last, in CPU seconds. */
export interface ExpectedSeconds {
  /** Mean of the submission's own measurements; null: it has none. */
  readonly recorded: number | null;
  /** The first epoch, as measured here, times the number of epochs; null: it did not come out. */
  readonly estimated: number | null;
}

/** How long a submitted run is expected to last. */
export function expectedSeconds(
  run: SubmittedRun,
  summary: RunSummary,
  first: FirstEpoch | undefined,
): ExpectedSeconds {
  const row = summary.rows.find(({ search }) => search === run.search);
  const { epochs = null, cpuSeconds = 0 } = first ?? {};
  return {
    recorded: row?.measuredCpuSeconds ?? null,
    estimated: epochs === null ? null : epochs * cpuSeconds,
  };
}

const inMinutes = (seconds: number | null) => (seconds === null ? "unknown" : `${(seconds / 60).toFixed(1)} minutes`);

/**
 * Why a run is not made again in full, or null. One figure below the limit suffices: a submission can't escape by what it
 * says of itself alone.
 */
export function leftOut(run: SubmittedRun, { recorded, estimated }: ExpectedSeconds): string | null {
  const known = [recorded, estimated].filter((seconds) => seconds !== null);
  if (known.some((seconds) => seconds < WHOLE_RUN_SECONDS)) return null;
  return `no run was made again in full: run ${runKey(run)}, which was drawn, is expected to last longer than ${inMinutes(WHOLE_RUN_SECONDS)} (${inMinutes(recorded)} by the submission's own measurement, ${inMinutes(estimated)} by its first epoch); --every-run makes it`;
}
