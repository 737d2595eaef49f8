import { type CheckResult, checkConformance, conformanceError, subjectOf } from "../conformance/conformance.ts";
import { checkDataset, datasetError } from "../conformance/dataset-conformance.ts";
import { formatError, HarnessError } from "../errors/harness-error.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { kindOfPlugin } from "../plugins/plugin-location.ts";
import { showCheck } from "./check-lines.ts";
import type { CheckFlags } from "./commands/check.ts";
import { parsePositive } from "./number-flags.ts";
import { print, printJson, remark } from "./terminal.ts";

/**
 * Ends the command: with the one JSON document, or with what was shown as it came.
 * @param errorFor the error for the names of the checks that failed
 */
function conclude(
  json: boolean,
  facts: Readonly<Record<string, string>>,
  checks: readonly CheckResult[],
  errorFor: (failed: readonly string[]) => HarnessError,
): number {
  if (json) printJson({ ...facts, checks });
  const failed = checks.filter(({ outcome }) => outcome === "failed").map(({ name }) => name);
  if (failed.length === 0) return 0;
  const error = errorFor(failed);
  if (!json) throw error;
  // stdout holds its one document already.
  remark(formatError(error));
  return error.exitCode;
}

async function checkMethod(method: string, flags: CheckFlags, json: boolean): Promise<number> {
  if (flags.from !== undefined) {
    throw new HarnessError("NAS_USAGE", {
      what: `${method} is a method: it reads no files of a dataset`,
      where: "--from",
      next: "leave --from out",
    });
  }
  const subject = subjectOf(method, flags.isolation, parsePositive(flags.memoryLimit, "--memory-limit", 1_048_576));
  const { name, version } = subject.plugin.manifest;
  if (!json) print(`passed  manifest: ${name} ${version} is complete and its options have defaults`);
  const results = await checkConformance(subject, json ? undefined : showCheck);
  const facts = { method: name, version, isolation: subject.settings.enclosure };
  return conclude(json, facts, results, (failed) => conformanceError(subject, failed.length, failed));
}

async function checkDatasetPlugin(dataset: string, flags: CheckFlags, json: boolean): Promise<number> {
  const plugin = locateDataset(dataset);
  const { name, version } = plugin.manifest;
  const results = await checkDataset(plugin, flags.from ?? null, json ? undefined : showCheck);
  return conclude(json, { dataset: name, version }, results, (failed) => datasetError(name, failed));
}

/**
 * The action of `check`; returns the exit code.
 * @throws NAS_ALGORITHM_CONFORMANCE or NAS_DATASET if a check failed
 */
export function checkCommand(plugin: string, flags: CheckFlags): Promise<number> {
  const check = kindOfPlugin(plugin) === "dataset" ? checkDatasetPlugin : checkMethod;
  return check(plugin, flags, flags.json === true);
}
