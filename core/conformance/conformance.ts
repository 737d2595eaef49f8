import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type IsolationMode, isolationOf } from "../isolation/isolation-mode.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { needsTraining } from "../runner/plan.ts";
import { CHECKS, type Subject } from "./checks.ts";
import { type CheckResult, makeChecks, resultOf } from "./finding.ts";
import { TRAINING_CHECKS } from "./training-checks.ts";

const DEFAULT_MEMORY_MB = 1024;

/**
 * A method that is to be checked; built-in ones too, in a process of their own like any other.
 * @throws NAS_PLUGIN_NOT_FOUND, NAS_JSON, NAS_PLUGIN_MANIFEST, NAS_ISOLATION
 */
export function subjectOf(
  nameOrPath: string,
  isolation: Exclude<IsolationMode, "none"> = "auto",
  memoryLimitMb = DEFAULT_MEMORY_MB,
): Subject {
  const plugin = { ...locateAlgorithm(nameOrPath), origin: "path" as const };
  const { guest } = isolationOf(plugin, isolation, memoryLimitMb);
  if (guest === null) throw new RangeError("a method under check needs a process of its own");
  return { plugin, settings: guest };
}

/** The checks of a method: those of one that asks and tells, or of one that trains. */
function checksOf({ manifest }: LocatedPlugin<AlgorithmManifest>) {
  return needsTraining(manifest) ? TRAINING_CHECKS : CHECKS;
}

/** Makes all checks, one after another. @throws NAS_PLUGIN_ENTRY if the method does not start */
export function checkConformance(subject: Subject, onResult?: (result: CheckResult) => void): Promise<CheckResult[]> {
  return makeChecks(checksOf(subject.plugin), subject, onResult);
}

/**
 * The checks as tests of a plugin, for vitest or any other runner:
 *
 *     test.each(conformanceChecks("my-method"))("$title", ({ run }) => run());
 *
 * @param folder the plugin's folder, or a built-in name
 * @returns each check with a function that makes it and throws NAS_ALGORITHM_CONFORMANCE, naming the faults, if it fails
 */
export function conformanceChecks(folder: string): { name: string; title: string; run: () => Promise<void> }[] {
  const subject = subjectOf(folder);
  return checksOf(subject.plugin).map((check) => ({
    name: check.name,
    title: check.title,
    run: async () => {
      const { outcome, reasons } = resultOf(check, await check.find(subject));
      if (outcome === "failed") throw conformanceError(subject, 1, reasons);
    },
  }));
}

/** The error for failed checks. */
export function conformanceError({ plugin }: Subject, failed: number, reasons: readonly string[]): HarnessError {
  const { name } = plugin.manifest;
  return new HarnessError("NAS_ALGORITHM_CONFORMANCE", {
    what: `${name} fails ${failed} ${failed === 1 ? "check" : `of ${checksOf(plugin).length} checks`}`,
    where: reasons.map((reason) => `- ${reason}`).join("\n"),
    next: `correct the plugin ${name}; nas-harness check makes all checks`,
  });
}

export type { CheckResult };
