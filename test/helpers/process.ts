import { spawn } from "node:child_process";
import { REPOSITORY } from "./shared-data.ts";

/** How a command ended. */
export interface CommandResult {
  /** Exit code; null if a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a process runs. */
export interface ProcessOptions {
  /** Working directory; the repository unless given. */
  readonly cwd?: string;
  /** Variables besides this process's own; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program and waits for its end. @throws Error if it can't be started */
export function runProcess(
  program: string,
  words: readonly string[],
  options: ProcessOptions = {},
): Promise<CommandResult> {
  const child = spawn(program, words, {
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
