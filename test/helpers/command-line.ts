import { spawn } from "node:child_process";
import path from "node:path";
import { REPOSITORY } from "./shared-data.ts";

const BIN = path.join(REPOSITORY, "core/cli/bin.js");

/** How a command ended. */
export interface CommandResult {
  /** Exit code; null if a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command runs. */
export interface CommandOptions {
  /** Working directory; the repository unless given. */
  readonly cwd?: string;
  /** Variables besides this process's own; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The Node.js binary; the running one unless given. */
  readonly node?: string;
}

/** Runs `nas-harness <words>` as a process of its own and waits for its end. */
export function runCommandLine(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const child = spawn(options.node ?? process.execPath, [BIN, ...words], {
    cwd: options.cwd ?? REPOSITORY,
    // Vitest's own variables would change how a child behaves.
    env: { ...process.env, NODE_OPTIONS: undefined, VITEST: undefined, NODE_ENV: undefined, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (part: string) => {
      text[stream] += part;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, ...text }));
  });
}
