import { spawnSync } from "node:child_process";

/** True where python3 can import numpy. */
export const hasNumpy: boolean = spawnSync("python3", ["-c", "import numpy"]).status === 0;

/** A title that says why a test is skipped, for `test.skipIf(!hasNumpy)`. */
export function needsNumpy(title: string): string {
  return hasNumpy ? title : `${title} (needs python3 with numpy, not found)`;
}

/** What a Python script prints to stdout. @throws Error if it fails */
export function runPython(script: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", script, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return stdout;
}
