import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { AlgorithmManifest, DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { isolationOf } from "../isolation/isolation-mode.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readManifest } from "../plugins/manifest.ts";
import { resolveOptions } from "../plugins/options.ts";
import { kindOfPlugin, type LocatedPlugin, locateAlgorithm } from "../plugins/plugin-location.ts";
import { runSession } from "../records/session.ts";
import { shellWord } from "../scaffold/next-commands.ts";
import { summarizeFolders } from "../statistics/summarized-folders.ts";
import { algorithmSubmission } from "../submissions/algorithm-submission.ts";
import { datasetSubmission } from "../submissions/dataset-submission.ts";
import { privateCopy } from "../submissions/private-copy.ts";
import { requireShipped } from "../submissions/shipped-benchmarks.ts";
import { SUBMISSIONS_FOLDER, submissionFolder } from "../submissions/submission-folder.ts";
import { requireFreeSubmission, writeSubmission } from "../submissions/submission-writer.ts";
import { openSearchView } from "../tables/search-view.ts";
import type { SubmitFlags } from "./commands/submit.ts";
import { EpochLine } from "./epoch-log.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { optionsByMethod } from "./method-options.ts";
import { parsePositive } from "./number-flags.ts";
import { Progress } from "./progress.ts";
import { presentSummary } from "./run-methods.ts";
import { print, printJson, remark } from "./terminal.ts";

function announce(folder: string, flags: SubmitFlags, document: object): void {
  const root = flags.submissions === SUBMISSIONS_FOLDER ? "" : ` --submissions ${shellWord(flags.submissions)}`;
  const next = `nas-harness verify ${shellWord(folder)}${root} --record`;
  if (flags.json === true) printJson({ folder, ...document, next });
  else print(`wrote ${folder}\n\nnext:\n  ${next}\n  hand in the folder as a pull request (docs/guides/submit.md)`);
}

function submitDataset(plugin: LocatedPlugin<DatasetManifest>, flags: SubmitFlags): number {
  const { name, version } = plugin.manifest;
  const folder = submissionFolder(flags.submissions, name, version);
  requireFreeSubmission(folder, flags.overwrite === true);
  writeSubmission(folder, datasetSubmission(plugin, flags.tableUrl ?? null), flags.overwrite === true);
  announce(folder, flags, { dataset: name, version });
  return 0;
}

/** An error of a session with what to do about it in the words of this command. */
function withSubmitAdvice(error: unknown): unknown {
  if (!(error instanceof HarnessError) || error.code !== "NAS_RESUME_MISMATCH") return error;
  return new HarnessError(error.code, {
    ...error.details,
    next: "these are results of the method as it was before: delete that folder to start anew, or name another --results",
  });
}

/** The variant's name in `<plugin>#<variant>` or a built-in variant's own name; null for the plugin itself. */
function variantIn(plugin: LocatedPlugin<AlgorithmManifest>): string | null {
  const { name } = readManifest(plugin.folder);
  return name === plugin.manifest.name ? null : plugin.manifest.name;
}

async function submitMethod(plugin: LocatedPlugin<AlgorithmManifest>, flags: SubmitFlags): Promise<number> {
  const { name, version } = plugin.manifest;
  const { protocol, tableFolder } = requireShipped(flags.protocol, flags.submissions);
  const folder = submissionFolder(flags.submissions, name, version);
  requireFreeSubmission(folder, flags.overwrite === true);
  const userOptions = optionsByMethod(flags.option ?? [], [name]).get(name);
  const options = resolveOptions(plugin.manifest, protocol, userOptions);
  const memoryLimitMb = parsePositive(flags.memoryLimit, "--memory-limit", 1_048_576);
  const { guest, remark: lack } = isolationOf(plugin, flags.isolation, memoryLimitMb);
  if (lack !== null) remark(lack);
  const table = openSearchView(tableFolder);
  remark(`protocol ${protocol.id} ${protocol.version}, table ${table.card.id} ${table.card.version} (${tableFolder})`);
  const work = mkdtempSync(path.join(os.tmpdir(), "nas-harness-submit-"));
  const progress = new Progress("runs", "runs");
  const line = new EpochLine();
  const { signal, restore } = interruptible();
  try {
    const variant = variantIn(plugin);
    const print = (text: string) => process.stderr.write(text);
    const copy =
      guest === null
        ? plugin
        : await privateCopy(plugin.folder, path.join(work, "plugin"), { variant, onOutput: print });
    const result = await runSession({
      protocol,
      methods: [{ plugin: copy, options, guest }],
      output: flags.results,
      table,
      jobs: parsePositive(flags.jobs, "--jobs", 1024),
      runLimitSeconds: parsePositive(flags.runLimit, "--run-limit", 10_000_000),
      shard: null,
      extensions: [],
      mode: "resume",
      signal,
      onProgress: (done, total) => progress.update(done, total),
      onOutput: print,
      onEpoch: (message) => progress.note(line.text(message, performance.now())),
      training: { dataFolder: null, isolation: flags.isolation, memoryLimitMb },
    });
    progress.finish();
    if (result.interrupted) {
      remark(`interrupted: ${result.done} of ${result.total} runs are kept; the same command goes on`);
      return INTERRUPTED;
    }
    const summary = await summarizeFolders(result.folders, protocol, table);
    const [results = ""] = result.folders;
    const isolation = guest?.enclosure ?? "none";
    const files = algorithmSubmission({ plugin: copy, variant, protocol, results, isolation });
    writeSubmission(folder, files, flags.overwrite === true);
    if (flags.json !== true) presentSummary(summary, false);
    const failed = summary.rows.reduce((sum, row) => sum + row.failedRuns, 0);
    if (failed > 0) remark(`${failed} runs failed: the row can be shown, but not verified`);
    announce(folder, flags, { method: name, version, protocol: protocol.id, failedRuns: failed });
    return failed > 0 ? 3 : 0;
  } catch (error) {
    throw withSubmitAdvice(error);
  } finally {
    progress.finish();
    restore();
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The action of `submit`; returns the exit code.
 * @throws NAS_SUBMISSION, NAS_OUTPUT_EXISTS, NAS_PLUGIN_OPTIONS and what running throws
 */
export function submitCommand(nameOrPath: string, flags: SubmitFlags): number | Promise<number> {
  if (kindOfPlugin(nameOrPath) === "dataset") return submitDataset(locateDataset(nameOrPath), flags);
  if (flags.tableUrl !== undefined) {
    throw new HarnessError("NAS_USAGE", { what: "--table-url is for datasets", next: "leave it out" });
  }
  return submitMethod(locateAlgorithm(nameOrPath), flags);
}
