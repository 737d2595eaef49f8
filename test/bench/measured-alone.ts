import { spawnSync } from "node:child_process";

/**
 * What a program of this folder prints as JSON, run in a process of its own that uses one thread for everything.
 * @throws Error with what it said if it fails
 */
export function measuredAlone<T>(program: string): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--single-threaded", program], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the measurement of training failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}
