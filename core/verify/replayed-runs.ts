import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { findSearch } from "../protocols/protocol-file.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import type { PlannedRun } from "../runner/plan.ts";
import { executeRuns } from "../runner/pool.ts";
import type { FoundSubmission } from "../submissions/submission-file.ts";
import { incumbentsOf } from "../submissions/submitted-run.ts";
import type { Laboratory, MethodUnderTest } from "./repeated-runs.ts";

/** Runs of another submission that are repeated with this method and the other's seeds. */
const REPLAYED = 5;

/** What a method that was handed in before is compared with. */
export interface OtherSubmission extends FoundSubmission<AlgorithmSubmission> {
  readonly runs: readonly SubmittedRun[];
}

/**
 * Faults of a method that does under another one's seeds what that one did: the same method under a new name, whose own seeds
 * are a second draw. Renamed variables and comments do not hide it.
 */
export async function replayFaults(
  laboratory: Laboratory,
  protocol: Protocol,
  method: MethodUnderTest,
  others: readonly OtherSubmission[],
): Promise<string[]> {
  const { name } = method.plugin.manifest;
  const replays = others.map((other) => ({
    other,
    runs: other.runs.filter(({ failure }) => failure === undefined).slice(0, REPLAYED),
  }));
  const plan = replays.flatMap(({ runs }, at) =>
    runs.map(({ search, seed }, run): PlannedRun => ({ method: name, search, runIndex: at * REPLAYED + run, seed })),
  );
  const same = new Map<number, boolean>();
  await executeRuns(plan, {
    jobs: laboratory.jobs,
    runLimitSeconds: laboratory.runLimitSeconds,
    protocol,
    tableFolder: path.resolve(laboratory.table.folder),
    methods: [{ method: name, folder: method.plugin.folder, options: method.options, guest: method.guest }],
    extensions: [],
    // Protocols that submissions are made under have no constraints.
    costs: [],
    ...(laboratory.signal === undefined ? {} : { signal: laboratory.signal }),
    onFinished: ({ run, outcome }) => {
      const other = replays[Math.floor(run.runIndex / REPLAYED)]?.runs[run.runIndex % REPLAYED];
      const incumbents = incumbentsOf(
        outcome.trace as Parameters<typeof incumbentsOf>[0],
        findSearch(protocol, run.search),
      );
      same.set(
        run.runIndex,
        outcome.failure === null &&
          canonicalJson([incumbents, outcome.answers]) === canonicalJson([other?.incumbents, other?.answers]),
      );
    },
  });
  return replays.flatMap(({ other, runs }, at) => {
    const isSame = runs.length > 0 && runs.every((_, run) => same.get(at * REPLAYED + run) === true);
    const { id, version } = other.submission.method;
    return isSame ? [`with the seeds of ${id} ${version} it does what that did: it is the same method`] : [];
  });
}
