import { HarnessError } from "../errors/harness-error.ts";
import { type IsolationMode, isolationOf } from "../isolation/isolation-mode.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { CHECKS, type Check, type Finding, type Subject } from "./checks.ts";

/** A check's outcome. */
export interface CheckResult {
  /** Name of the check. */
  readonly name: string;
  /** What holds if it passed. */
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Faults, or why it was skipped. */
  readonly reasons: readonly string[];
}

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

function resultOf({ name, title }: Check, finding: Finding): CheckResult {
  if ("skipped" in finding) return { name, title, outcome: "skipped", reasons: [finding.skipped] };
  const { faults } = finding;
  return { name, title, outcome: faults.length === 0 ? "passed" : "failed", reasons: faults };
}

/** Makes one check. @throws NAS_PLUGIN_ENTRY if the method does not start */
async function make(check: Check, subject: Subject): Promise<CheckResult> {
  return resultOf(check, await check.find(subject));
}

/** Makes all checks, one after another. @throws NAS_PLUGIN_ENTRY if the method does not start */
export async function checkConformance(
  subject: Subject,
  onResult: (result: CheckResult) => void = () => {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of CHECKS) {
    const result = await make(check, subject);
    results.push(result);
    onResult(result);
  }
  return results;
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
  return CHECKS.map((check) => ({
    name: check.name,
    title: check.title,
    run: async () => {
      const { outcome, reasons } = await make(check, subject);
      if (outcome === "failed") throw conformanceError(subject, 1, reasons);
    },
  }));
}

/** The error for failed checks. */
export function conformanceError({ plugin }: Subject, failed: number, reasons: readonly string[]): HarnessError {
  const { name } = plugin.manifest;
  return new HarnessError("NAS_ALGORITHM_CONFORMANCE", {
    what: `${name} fails ${failed} ${failed === 1 ? "check" : `of ${CHECKS.length} checks`}`,
    where: reasons.map((reason) => `- ${reason}`).join("\n"),
    next: `correct the plugin ${name}; nas-harness check makes all checks`,
  });
}
