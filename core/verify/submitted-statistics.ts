import { createHash } from "node:crypto";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { runKey } from "../records/record-file.ts";
import { revealAnswers } from "../records/reveal.ts";
import { recordTable } from "../records/session.ts";
import type { RunFacts } from "../statistics/run-facts.ts";
import { summarizeResults } from "../statistics/summary.ts";
import type { SubmittedMethod } from "./submitted-method.ts";

/** What a summary takes from a training as a submission shows it: hashes of the later epochs are in the digest alone. */
function factsOf({ search, runIndex, digest, failure, training }: SubmittedRun): RunFacts {
  return {
    ...{ search, runIndex, digest, evaluations: 0, spentMs: training?.costMs ?? 0 },
    failure: failure === undefined ? null : { code: failure, what: "" },
    trajectory: createHash("sha256")
      .update(canonicalJson([training?.firstEpoch ?? null, training?.epochs ?? []]))
      .digest("hex"),
  };
}

/**
 * The summary of a method that trains, from its submitted runs: the values of their answers are read from the table, and
 * nothing is taken from the submitted summary.
 * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export async function summarizeSubmitted(method: SubmittedMethod): Promise<RunSummary> {
  const { table, benchmark, read, underTest, options } = method;
  const { protocol } = benchmark;
  const { submission, runs } = read;
  const answered = runs.map(({ search, runIndex, answers, failure }) => ({
    ...{ search, runIndex, answers, hasFailed: failure !== undefined },
  }));
  const revealed = await revealAnswers(protocol, table.folder, answered);
  return summarizeResults({ method: submission.method, options: underTest.options }, protocol, recordTable(table), {
    folder: options.folder,
    runs: runs.map(factsOf),
    revealed: new Map(revealed.map((run) => [runKey(run), run])),
    measured: new Map(),
  });
}
