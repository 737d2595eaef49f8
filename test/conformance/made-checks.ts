import { DATASET_CHECKS } from "../../core/conformance/dataset-conformance.ts";
import { DatasetSubject } from "../../core/conformance/dataset-subject.ts";
import { type CheckResult, makeChecks } from "../../core/conformance/finding.ts";
import { locateDataset } from "../../core/plugins/dataset-splits.ts";

/** Makes some checks of a dataset, or all. */
export function madeChecks(
  folder: string,
  names: readonly string[] = DATASET_CHECKS.map(({ name }) => name),
  from: string | null = null,
): Promise<CheckResult[]> {
  const checks = DATASET_CHECKS.filter(({ name }) => names.includes(name));
  if (checks.length !== names.length) throw new Error(`not all of these are checks: ${names.join(", ")}`);
  return makeChecks(checks, new DatasetSubject(locateDataset(folder), from));
}

/** Makes one check of a dataset. */
export async function madeCheck(folder: string, name: string, from: string | null = null): Promise<CheckResult> {
  return (await madeChecks(folder, [name], from))[0] as CheckResult;
}

/** Names of the checks with an outcome. */
export function namesOf(results: readonly CheckResult[], outcome: CheckResult["outcome"]): string[] {
  return results.filter((result) => result.outcome === outcome).map(({ name }) => name);
}
