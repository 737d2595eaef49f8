import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "vitest";
import { type CommandResult, runCommandLine } from "./command-line.ts";
import { REPOSITORY } from "./shared-data.ts";

/** Folder of the table that comes with the harness. */
export const EMBEDDED_TABLE = path.join(REPOSITORY, "plugins/datasets/fashion-mnist-8x8/table");

/** What decides which trials are audited: the commit, so that each one has its own and anybody can audit the same. */
export function auditSeed(): string {
  const { stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: REPOSITORY, encoding: "utf8" });
  return stdout?.trim() || "no commit";
}

/** Trains random trials of the embedded table again on a Node.js, and expects every one to be equal. */
export async function auditEmbedded(sample: number, node?: string): Promise<CommandResult> {
  const words = ["table", "audit", EMBEDDED_TABLE, "--sample", `${sample}`, "--seed", auditSeed()];
  const result = await runCommandLine(words, node === undefined ? {} : { node });
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain(`all ${sample} trials are equal to the table's, bit for bit`);
  return result;
}
