import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { BIN } from "./command-line.ts";
import { type CommandResult, runProcess } from "./process.ts";
import { findProgram } from "./program.ts";

const BOX = ["--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];

/** Why no box can be made here, or null if one can. */
function findLack(): string | null {
  if (findProgram("bwrap") === null) return "needs the Debian package bubblewrap, not found";
  const { status, stderr } = spawnSync("bwrap", [...BOX, "--size", "4096", "--tmpfs", os.tmpdir(), "true"]);
  return status === 0 ? null : `needs a bubblewrap that may make user namespaces: ${String(stderr).trim()}`;
}

const lack = findLack();

/** True where bubblewrap can make boxes. */
export const hasBubblewrap: boolean = lack === null;

/** A title that says why a block is skipped, for use with `describe.skipIf(!hasBubblewrap)`. */
export function needsBubblewrap(title: string): string {
  return lack === null ? title : `${title} (${lack})`;
}

/**
 * Runs `nas-harness <words>` where every folder is read-only.
 * @param writable folders that are not
 */
export function runReadOnly(words: readonly string[], writable: readonly string[] = []): Promise<CommandResult> {
  const binds = writable.flatMap((folder) => ["--bind", folder, folder]);
  return runProcess("bwrap", [...BOX, ...binds, process.execPath, BIN, ...words]);
}

/** A real file system of few bytes. */
export interface SmallDisk {
  /** Existing folder over which it is mounted; everything outside of it is read-only. */
  readonly folder: string;
  /** Its size; the kernel rounds up to pages. */
  readonly bytes: number;
  /** Folder whose content is there at first. */
  readonly before?: string;
}

/** How a command on a small disk ended. */
export interface SmallDiskResult extends CommandResult {
  /** Folder with what was on the disk afterwards, dot files too. */
  readonly after: string;
}

const SCRIPT = `
if [ -n "$BEFORE" ]; then cp -a "$BEFORE/." "$DISK" || exit 99; fi
"$@"
code=$?
cp -a "$DISK/." "$AFTER" || exit 99
exit $code`;

/**
 * Runs `nas-harness <words>` with a small disk.
 * @param keep folder below which the disk's content is kept
 */
export async function runOnSmallDisk(
  words: readonly string[],
  disk: SmallDisk,
  keep: string,
): Promise<SmallDiskResult> {
  const after = mkdtempSync(path.join(keep, "disk-"));
  mkdirSync(disk.folder, { recursive: true });
  const mounts = ["--size", `${disk.bytes}`, "--tmpfs", disk.folder, "--bind", after, after];
  const command = ["sh", "-c", SCRIPT, "sh", process.execPath, BIN, ...words];
  const env = { DISK: disk.folder, AFTER: after, BEFORE: disk.before ?? "" };
  return { ...(await runProcess("bwrap", [...BOX, ...mounts, ...command], { env })), after };
}
