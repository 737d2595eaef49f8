import path from "node:path";
import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RunRecord, TrainingTrace } from "../../schemas/generated/record.ts";
import type { SubmittedRun, SubmittedTraining } from "../../schemas/generated/submitted-run.ts";
import { submittedRun as validator } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { checkDocument, parseJson } from "../files/json-file.ts";
import { eachLine, lineName } from "../files/text-lines.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { RUNS_NAME } from "./submission-folder.ts";

/** The evaluations of a trace that were better than all before them, at the epochs at which answers are chosen. */
export function incumbentsOf(
  trace: RunRecord["trace"],
  { answerEpochs }: Pick<ProtocolSearch, "answerEpochs">,
): SubmittedRun["incumbents"] {
  const incumbents: SubmittedRun["incumbents"] = [];
  let [best, spentMs] = [-1, 0];
  trace.forEach(([architecture, epochs, , accuracy, costMs], at) => {
    spentMs += costMs;
    if ((answerEpochs !== "any" && epochs !== answerEpochs) || accuracy <= best) return;
    best = accuracy;
    incumbents.push([at + 1, spentMs, architecture, accuracy]);
  });
  return incumbents;
}

/**
 * What a submission shows of a training: the digest stands for the hashes, which are long, but for those of the first epoch,
 * which verification makes again in every run.
 */
export function shownTraining({ costMs, epochs }: Pick<TrainingTrace, "costMs" | "epochs">): SubmittedTraining {
  const [first] = epochs;
  return {
    costMs,
    epochs: epochs.map(([architecture, spentMs]) => [architecture, spentMs]),
    ...(first === undefined ? {} : { firstEpoch: { weightsSha256: first[2], parametersSha256: first[3] } }),
  };
}

/** A record as a submission has it. */
export function submittedRunOf(record: RunRecord, search: ProtocolSearch): SubmittedRun {
  const { runIndex, seed, trace, answers, failure, training, digest } = record;
  return {
    search: record.search,
    runIndex,
    seed,
    incumbents: incumbentsOf(trace, search),
    answers,
    ...(failure === null ? {} : { failure: failure.code }),
    ...(training === undefined ? {} : { training: shownTraining(training) }),
    digest,
  };
}

/** One line of runs.jsonl, with its line feed. */
export function formatSubmittedRun(run: SubmittedRun): string {
  return `${canonicalJson(run)}\n`;
}

/**
 * Reads a submission's runs, each line checked against its schema.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA naming the line
 */
export function readSubmittedRuns(folder: string): SubmittedRun[] {
  const file = path.join(folder, RUNS_NAME);
  return Array.from(eachLine(file), ({ text, place, isWhole }) => {
    if (!isWhole) {
      throw new HarnessError("NAS_SCHEMA", {
        what: "the file ends in the middle of a line",
        where: lineName(place),
        next: "hand in the file as nas-harness submit wrote it",
      });
    }
    return checkDocument<SubmittedRun>(parseJson(text, lineName(place)), validator, lineName(place));
  });
}
