import path from "node:path";
import { runProcess } from "./process.ts";
import { findProgram } from "./program.ts";
import { REPOSITORY } from "./shared-data.ts";

/** True where there is a python3. */
export const hasPython: boolean = findProgram("python3") !== null;

/** A title that says why a block is skipped, for `describe.skipIf(!hasPython)`. */
export function needsPython(title: string): string {
  return hasPython ? title : `${title} (needs python3, not found)`;
}

/**
 * What a Python script that can import the client prints, as JSON.
 * @param given the script's `given`
 * @throws Error if it fails
 */
// biome-ignore lint/suspicious/noExplicitAny: tests compare it with what they expect
export async function askPython(script: string, given: unknown): Promise<any> {
  const env = { PYTHONPATH: path.join(REPOSITORY, "clients/python"), PYTHONDONTWRITEBYTECODE: "1" };
  const whole = `import json, sys\ngiven = json.loads(sys.argv[1])\n${script}`;
  const { stdout, stderr, exitCode } = await runProcess("python3", ["-c", whole, JSON.stringify(given)], { env });
  if (exitCode !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout);
}
