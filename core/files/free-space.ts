import { statfsSync } from "node:fs";
import { HarnessError } from "../errors/harness-error.ts";

/** Bytes that may still be written to the disk of a folder; null where the system does not tell. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize, blocks } = statfsSync(folder);
    // Some network file systems say that they have nothing at all.
    return blocks === 0 ? null : bavail * bsize;
  } catch {
    return null;
  }
}

/** A number of bytes as people read it: `4.7 GB`, `84.1 MB` or `512 bytes`; decimal units. */
export function formatSize(bytes: number): string {
  for (const [unit, size] of [
    ["TB", 1e12],
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const)
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${bytes} bytes`;
}

/**
 * Refuses to begin what the disk has no room for.
 * @param needed bytes that are to be written
 * @param purpose what for, after "there is not enough space to": `fetch a.tar`
 * @throws NAS_WRITE_FAILED
 */
export function refuseIfFull(folder: string, needed: number, purpose: string): void {
  const free = freeBytes(folder);
  if (free === null || needed <= free) return;
  throw new HarnessError("NAS_WRITE_FAILED", {
    what: `there is not enough space to ${purpose}: ${formatSize(needed)} are needed, ${formatSize(free)} are free`,
    where: folder,
    next: "free space or name another folder, then run the command again",
  });
}
