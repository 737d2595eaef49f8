import { readFileSync } from "node:fs";

const PERIOD_MS = 100;
const BYTES_PER_KB = 1024;

/** The processes that a process started, and theirs; only Linux tells. */
function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return children.flatMap((child) => [Number(child), ...descendants(Number(child))]);
  } catch {
    return [];
  }
}

function residentBytes(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? 0 : Number(kilobytes) * BYTES_PER_KB;
  } catch {
    // It ended between two looks.
    return 0;
  }
}

/** Memory in use by a process and all that it started, in bytes; 0 where the system does not tell. */
export function memoryOfTree(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, process) => sum + residentBytes(process), 0);
}

/**
 * Looks ten times a second at what a process and its children use, and calls back once when it is more than the limit.
 * @returns a function that ends the watch
 */
export function watchMemory(pid: number, limitBytes: number, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (memoryOfTree(pid) <= limitBytes) return;
    clearInterval(timer);
    onExceeded();
  }, PERIOD_MS);
  timer.unref();
  return () => clearInterval(timer);
}
