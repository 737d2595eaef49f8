import path from "node:path";
import { type CommandResult, type ProcessOptions, runProcess } from "./process.ts";
import { REPOSITORY } from "./shared-data.ts";

/** The file that starts the command line. */
export const BIN = path.join(REPOSITORY, "core/cli/bin.js");

/** Where and how a command runs. */
export interface CommandOptions extends ProcessOptions {
  /** The Node.js binary; the running one unless given. */
  readonly node?: string;
}

/** Runs `nas-harness <words>` as a process of its own and waits for its end. */
export function runCommandLine(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runProcess(options.node ?? process.execPath, [BIN, ...words], options);
}

export type { CommandResult };
