import { spawnSync } from "node:child_process";

/** What a script in a process of its own printed, and the most memory that it had in use, in MiB. */
export interface MeasuredProcess {
  readonly output: string;
  readonly peakMiB: number;
}

/**
 * Runs a script as a module of Node in a process of its own.
 * @param script imports by absolute paths
 * @throws Error if it fails
 */
export function measuredProcess(script: string): MeasuredProcess {
  const report = '\nprocess.stderr.write("peak " + process.resourceUsage().maxRSS);';
  const words = ["--input-type=module", "-e", script + report];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 1 << 28 });
  const kilobytes = /peak (\d+)$/.exec(stderr)?.[1];
  if (status !== 0 || kilobytes === undefined) throw new Error(`the process failed: ${stderr}`);
  return { output: stdout, peakMiB: Number(kilobytes) / 1024 };
}
