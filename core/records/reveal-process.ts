/** Entry of the revealing process: the only one that opens the test view for a run's answers. */
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { findSearch } from "../protocols/protocol-file.ts";
import { openReportedValues, type ReportedValue, type ReportedValueOf } from "../tables/reported-values.ts";
import { readCard } from "../tables/search-view.ts";
import { eachRecord, RECORDS_NAME } from "./record-file.ts";
import { type AnsweredRun, REVEALED_NAME, type RevealedRun, type RevealReport, type RevealRequest } from "./reveal.ts";
import { readInputs } from "./session-inputs.ts";

function checkComplete(folder: string, runs: readonly AnsweredRun[], protocol: Protocol): void {
  const inputs = readInputs(folder);
  const planned = (inputs?.runs ?? protocol.runs) * protocol.searches.length;
  if (inputs?.shard === null && runs.length === planned) return;
  throw new HarnessError("NAS_REVEAL_INCOMPLETE", {
    what: `${runs.length} of ${planned} runs are there${inputs?.shard == null ? "" : ` (shard ${inputs.shard})`}`,
    where: path.join(folder, RECORDS_NAME),
    next: "run the rest with --resume, or put the shards together: nas-harness merge --help",
  });
}

/**
 * The values of all answers, each read once, column by column and by ascending architecture: a table in parts is then read
 * once from end to end instead of back and forth.
 */
function answeredValues(
  runs: readonly AnsweredRun[],
  protocol: Protocol,
  reportedValue: ReportedValueOf,
): ReportedValueOf {
  const values = new Map<string, number>();
  const keyOf = (architecture: number, column: ReportedValue) =>
    [column.dataset, column.recipe, column.split, column.epoch, architecture].join(" ");
  for (const { id, report } of protocol.searches) {
    const answers = runs.filter(({ search, hasFailed }) => search === id && !hasFailed).flatMap((run) => run.answers);
    const architectures = [...new Set(answers.map(({ architecture }) => architecture))].sort((a, b) => a - b);
    for (const column of report) {
      for (const architecture of architectures) {
        values.set(keyOf(architecture, column), reportedValue(architecture, column));
      }
    }
  }
  return (architecture, column) => values.get(keyOf(architecture, column)) as number;
}

function revealRun(run: AnsweredRun, protocol: Protocol, reportedValue: ReportedValueOf): RevealedRun {
  const { search, runIndex, answers, hasFailed } = run;
  const columns: Record<string, number> = {};
  if (!hasFailed) {
    for (const column of findSearch(protocol, search).report) {
      columns[column.column] = answers.reduce(
        (sum, { architecture, weight }) => sum + weight * reportedValue(architecture, column),
        0,
      );
    }
  }
  return { search, runIndex, columns };
}

function revealFolder(folder: string, protocol: Protocol, reportedValue: ReportedValueOf): void {
  const runs: AnsweredRun[] = [];
  for (const { record } of eachRecord(folder)) {
    const { search, runIndex, answers, failure } = record;
    runs.push({ search, runIndex, answers, hasFailed: failure !== null });
  }
  checkComplete(folder, runs, protocol);
  const answered = answeredValues(runs, protocol, reportedValue);
  const lines = runs.map((run) => `${JSON.stringify(revealRun(run, protocol, answered))}\n`);
  writeFileAtomic(path.join(folder, REVEALED_NAME), lines.join(""));
}

process.on("message", (request: RevealRequest) => {
  let error: HarnessError | null = null;
  let revealed: RevealedRun[] = [];
  try {
    const reportedValue = openReportedValues(request.tableFolder, readCard(request.tableFolder));
    for (const folder of request.folders) revealFolder(folder, request.protocol, reportedValue);
    revealed = (request.answered ?? []).map((run) => revealRun(run, request.protocol, reportedValue));
  } catch (thrown) {
    error = thrown instanceof HarnessError ? thrown : new HarnessError("NAS_INTERNAL", { what: messageOf(thrown) });
  }
  const report: RevealReport = { error: error?.toReport() ?? null, revealed };
  process.send?.(report, undefined, undefined, () => process.disconnect());
});
