import { type CheckResult, checkConformance, conformanceError, subjectOf } from "../conformance/conformance.ts";
import { formatError } from "../errors/harness-error.ts";
import type { CheckFlags } from "./commands/check.ts";
import { parsePositive } from "./number-flags.ts";
import { print, printJson, remark } from "./terminal.ts";

const WORD_WIDTH = 8;

function show({ outcome, name, title, reasons }: CheckResult): void {
  print(`${outcome.padEnd(WORD_WIDTH)}${name}: ${title}`);
  for (const reason of reasons) print(`${"".padEnd(WORD_WIDTH)}- ${reason}`);
}

/** The action of `check`; returns the exit code. @throws NAS_ALGORITHM_CONFORMANCE if a check failed */
export async function checkCommand(method: string, flags: CheckFlags): Promise<number> {
  const subject = subjectOf(method, flags.isolation, parsePositive(flags.memoryLimit, "--memory-limit", 1_048_576));
  const { name, version } = subject.plugin.manifest;
  const isJson = flags.json === true;
  if (!isJson) print(`passed  manifest: ${name} ${version} is complete and its options have defaults`);
  const results = await checkConformance(subject, isJson ? undefined : show);
  if (isJson) printJson({ method: name, version, isolation: subject.settings.enclosure, checks: results });
  const failed = results.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return 0;
  const error = conformanceError(
    subject,
    failed.length,
    failed.map((check) => check.name),
  );
  if (!isJson) throw error;
  // stdout holds its one document already.
  remark(formatError(error));
  return error.exitCode;
}
