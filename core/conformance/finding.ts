/** What a check found: faults (none: passed) with remarks that are none, or why it could not look. */
export type Finding =
  | { readonly faults: readonly string[]; readonly remarks?: readonly string[] }
  | { readonly skipped: string };

/** A named check of something. */
export interface Check<Subject> {
  /** Stable name, lower-case words joined by hyphens. */
  readonly name: string;
  /** What holds if it passes, as a sentence. */
  readonly title: string;
  readonly find: (subject: Subject) => Promise<Finding> | Finding;
}

/** A check's outcome. */
export interface CheckResult {
  /** Name of the check. */
  readonly name: string;
  /** What holds if it passed. */
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Faults, why it was skipped, or what is worth knowing although it passed. */
  readonly reasons: readonly string[];
}

/** The outcome of a check that found something. */
export function resultOf({ name, title }: Pick<Check<never>, "name" | "title">, finding: Finding): CheckResult {
  if ("skipped" in finding) return { name, title, outcome: "skipped", reasons: [finding.skipped] };
  const { faults, remarks = [] } = finding;
  return { name, title, outcome: faults.length === 0 ? "passed" : "failed", reasons: [...faults, ...remarks] };
}

/** Makes checks, one after another. @throws what a check throws instead of finding it */
export async function makeChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  onResult: (result: CheckResult) => void = () => {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = resultOf(check, await check.find(subject));
    results.push(result);
    onResult(result);
  }
  return results;
}
