import path from "node:path";
import type { Verification } from "../../schemas/generated/verification.ts";
import { type CommandResult, runCommandLine } from "./command-line.ts";
import { SHIPPED } from "./shipped-benchmark.ts";

/** What the command line found of one submission. */
export interface Verified {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly verification: Verification;
  /** Names of the checks that failed, in their order. */
  readonly failed: readonly string[];
  /** The reasons of a check, joined. @throws if it was not made */
  readonly reasons: (name: string) => string;
  readonly outcome: (name: string) => string;
}

/** Submits a method under the shipped benchmark in strict isolation. */
export function submitStrictly(plugin: string, root: string, work: string): Promise<CommandResult> {
  return runCommandLine([
    ...["submit", plugin, "--protocol", SHIPPED, "--submissions", root, "--isolation", "strict"],
    ...["--results", path.join(work, "results"), "--json"],
  ]);
}

/** Verifies a submission's folder in strict isolation. */
export async function verifyStrictly(folder: string, root: string, words: readonly string[] = []): Promise<Verified> {
  const { exitCode, stdout, stderr } = await runCommandLine([
    ...["verify", folder, "--submissions", root, "--json", ...words],
  ]);
  const [verification] = JSON.parse(stdout) as Verification[];
  if (verification === undefined) throw new Error(`nothing was verified: ${stderr}`);
  const { checks } = verification;
  const find = (name: string) => {
    const check = checks.find((one) => one.name === name);
    if (check === undefined) throw new Error(`${name} was not made; made were ${checks.map((one) => one.name)}`);
    return check;
  };
  return {
    ...{ exitCode, stderr, verification },
    failed: checks.filter(({ outcome }) => outcome === "failed").map(({ name }) => name),
    reasons: (name) => find(name).reasons.join("\n"),
    outcome: (name) => find(name).outcome,
  };
}
