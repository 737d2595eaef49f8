import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readManifest } from "../plugins/manifest.ts";
import { builtInPlugins } from "../plugins/plugin-location.ts";
import { CHECKSUM_CHECK } from "./checksum-check.ts";
import { IMAGE_CHECKS } from "./dataset-image-checks.ts";
import { DatasetSubject } from "./dataset-subject.ts";
import { DATASET_TABLE_CHECK } from "./dataset-table-check.ts";
import { type Check, type CheckResult, makeChecks, resultOf } from "./finding.ts";
import { faultsOf } from "./harness-faults.ts";
import { PROTOCOL_CHECK } from "./protocol-check.ts";
import { RECIPE_CHECK } from "./recipe-check.ts";

const MANIFEST_CHECK: Check<DatasetSubject> = {
  name: "manifest",
  title: "the manifest is complete, and its name is no built-in dataset's",
  find: ({ plugin: { folder, manifest } }) => {
    const faults = faultsOf(() => readManifest(folder));
    const { name } = manifest;
    const isTaken =
      builtInPlugins("dataset").includes(name) && path.resolve(locateDataset(name).folder) !== path.resolve(folder);
    if (isTaken) faults.push(`name: ${name} is a built-in dataset, which a table of this name would be taken to be of`);
    return { faults };
  },
};

/** The checks of a dataset, in the order in which they are made. */
export const DATASET_CHECKS: readonly Check<DatasetSubject>[] = [
  MANIFEST_CHECK,
  ...IMAGE_CHECKS,
  CHECKSUM_CHECK,
  RECIPE_CHECK,
  PROTOCOL_CHECK,
  DATASET_TABLE_CHECK,
];

/**
 * Makes all checks of a dataset, one after another. Its entry runs inside this process and, once, in a process of its own:
 * in neither it is kept from anything.
 * @param plugin as `locateDataset` gives it
 * @param from where its files are, if it does not bring them; null otherwise
 * @param onResult called with each result as it comes
 * @throws NAS_TRAINING_BACKEND if this machine can't train; whatever is wrong with the dataset is in the results
 */
export function checkDataset(
  plugin: DatasetSubject["plugin"],
  from: string | null = null,
  onResult?: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  return makeChecks(DATASET_CHECKS, new DatasetSubject(plugin, from), onResult);
}

/**
 * The checks as tests of a dataset plugin, for vitest or any other runner:
 *
 *     test.each(datasetChecks(import.meta.dirname))("$title", ({ run }) => run());
 *
 * @param folder the plugin's folder, or a built-in name
 * @param from where its files are, if it does not bring them
 * @returns each check with a function that makes it and throws NAS_DATASET, naming the faults, if it fails
 * @throws NAS_PLUGIN_NOT_FOUND, NAS_JSON, NAS_PLUGIN_MANIFEST
 */
export function datasetChecks(
  folder: string,
  from: string | null = null,
): { name: string; title: string; run: () => Promise<void> }[] {
  const plugin = locateDataset(folder);
  const subject = new DatasetSubject(plugin, from);
  return DATASET_CHECKS.map((check) => ({
    name: check.name,
    title: check.title,
    run: async () => {
      const result = resultOf(check, await check.find(subject));
      if (result.outcome === "failed") throw datasetError(plugin.manifest.name, [result.name], result.reasons);
    },
  }));
}

/** The error for failed checks. @param lines what is told of them, one a line */
export function datasetError(name: string, failed: readonly string[], lines: readonly string[] = failed): HarnessError {
  return new HarnessError("NAS_DATASET", {
    what: `dataset ${name} fails ${failed.length === 1 ? "1 check" : `${failed.length} of ${DATASET_CHECKS.length} checks`}`,
    where: lines.map((line) => `- ${line}`).join("\n"),
    next: `correct the plugin ${name}; nas-harness check makes all checks`,
  });
}
