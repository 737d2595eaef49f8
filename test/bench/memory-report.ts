/**
 * Preloaded into the process that `memory.ts` measures: at its end it writes its largest resident memory, in kB, to the file
 * that {@link MEMORY_FILE_VARIABLE} names.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** Environment variable with the path of the file to write. */
export const MEMORY_FILE_VARIABLE = "BENCH_MEMORY_FILE";

function peakKilobytes(): number {
  try {
    // On Linux maxRSS counts what the parent held when it started this process; this line does not.
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (peak !== undefined) return Number(peak);
  } catch {
    // There is no such file on other systems.
  }
  return process.resourceUsage().maxRSS;
}

const file = process.env[MEMORY_FILE_VARIABLE];
if (file !== undefined) process.on("exit", () => writeFileSync(file, String(peakKilobytes())));
