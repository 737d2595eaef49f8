import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { FileContent } from "../files/atomic-file.ts";
import { readBytes } from "../files/json-file.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { findSearch } from "../protocols/protocol-file.ts";
import { eachRecord } from "../records/record-file.ts";
import { type InputsFile, readInputs } from "../records/session-inputs.ts";
import { plannedRuns } from "../runner/plan.ts";
import { readSummary, SUMMARY_NAME } from "../statistics/summary-file.ts";
import { listPluginFiles } from "./plugin-files.ts";
import { PLUGIN_FOLDER, RUNS_NAME, SUBMISSION_NAME } from "./submission-folder.ts";
import { formatSubmittedRun, submittedRunOf } from "./submitted-run.ts";

/** What a method's submission is made from. */
export interface SubmittedResults {
  readonly plugin: LocatedPlugin<AlgorithmManifest>;
  /** The variant's name where the method is one of the plugin's variants. */
  readonly variant: string | null;
  readonly protocol: Protocol;
  /** Folder with the finished and summarised results of the whole plan. */
  readonly results: string;
  /** How the method was kept apart. */
  readonly isolation: AlgorithmSubmission["isolation"];
}

function* runLines(results: string, protocol: Protocol): Generator<Buffer> {
  for (const { record } of eachRecord(results)) {
    yield Buffer.from(formatSubmittedRun(submittedRunOf(record, findSearch(protocol, record.search))), "utf8");
  }
}

/** Demands results of the protocol's whole plan, without extensions. @throws NAS_SUBMISSION */
function requireWholePlan(
  results: string,
  inputs: InputsFile | null,
  protocol: Protocol,
  manifest: AlgorithmManifest,
): InputsFile {
  const planned = plannedRuns(protocol, manifest);
  const lack =
    inputs === null
      ? "there are no results"
      : inputs.runs !== planned || inputs.shard !== null
        ? `these are ${inputs.runs} runs of each search${inputs.shard === null ? "" : `, shard ${inputs.shard}`}`
        : inputs.extensions.length > 0
          ? "these runs were made with extensions"
          : null;
  if (lack === null) return inputs as InputsFile;
  throw new HarnessError("NAS_SUBMISSION", {
    what: lack,
    where: results,
    allowed: `all ${planned} runs of protocol ${protocol.id}, without extensions`,
    next: "run the whole plan: nas-harness submit does",
  });
}

function summaryText(summary: RunSummary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

/**
 * The files of a method's submission, by path: `submission.json`, `runs.jsonl`, `summary.json` and the plugin's source.
 * @throws NAS_SUBMISSION, NAS_RECORD_CORRUPT, NAS_FILE_NOT_FOUND and what reading a summary throws
 */
export function algorithmSubmission(made: SubmittedResults): Map<string, FileContent> {
  const { plugin, variant, protocol, results } = made;
  const inputs = requireWholePlan(results, readInputs(results), protocol, plugin.manifest);
  const summary = readSummary(results);
  const files = listPluginFiles(plugin.folder);
  const { authors, licence, paper, priors = [] } = plugin.manifest;
  const submission: AlgorithmSubmission = {
    format: 1,
    kind: "algorithm",
    method: inputs.method,
    plugin: { ...(variant === null ? {} : { variant }), sha256: inputs.pluginSha256, files },
    authors,
    ...(paper === undefined ? {} : { paper }),
    licence,
    priors,
    protocol: inputs.protocol,
    table: inputs.table,
    options: inputs.options,
    runs: inputs.runs,
    failedRuns: summary.rows.reduce((sum, row) => sum + row.failedRuns, 0),
    isolation: made.isolation,
    environment: inputs.environment,
  };
  return new Map<string, FileContent>([
    [SUBMISSION_NAME, `${JSON.stringify(submission, null, 2)}\n`],
    [RUNS_NAME, runLines(results, protocol)],
    [SUMMARY_NAME, summaryText(summary)],
    ...files.map(({ path: place }): [string, FileContent] => [
      path.join(PLUGIN_FOLDER, place),
      readBytes(path.join(plugin.folder, place)),
    ]),
  ]);
}
