import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFailure } from "./atomic-file.ts";

/** What a writer puts beside `<name>` until it is whole, with the writer's process number. */
const LEFTOVER = /^(.+)\.(\d+)\.(?:tmp|stale|old)$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Removes what processes that were killed have left beside the files or folders that they were writing. Only for a holder
 * of the folder's lock.
 * @param names the files or folders
 * @throws NAS_WRITE_FAILED
 */
export function removeLeftovers(folder: string, names: readonly string[]): void {
  for (const entry of readdirSync(folder).sort()) {
    const [, name = "", pid = ""] = LEFTOVER.exec(entry) ?? [];
    if (!names.includes(name) || isAlive(Number(pid))) continue;
    const file = path.join(folder, entry);
    try {
      rmSync(file, { recursive: true, force: true });
    } catch (cause) {
      throw writeFailure(file, cause);
    }
  }
}
