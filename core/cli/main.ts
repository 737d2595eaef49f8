import { CommanderError } from "commander";
import { HarnessError } from "../errors/harness-error.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./terminal.ts";

/**
 * Runs the command line and returns its exit code: 0 ok, 1 failed, 2 usage or schema, 3 a plugin broke its contract,
 * 4 environment, 130 interrupted.
 * @param words the arguments after the program's name
 */
export async function main(words: readonly string[]): Promise<number> {
  const json = words.includes("--json");
  try {
    const { program, outcome } = createProgram();
    await program.parseAsync(words, { from: "user" });
    return outcome.exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return reportError(thrown, json);
    // Help and version were printed; everything else of commander's is wrong usage.
    if (thrown.exitCode === 0) return 0;
    const what = thrown.message.replace(/^error: /, "");
    if (thrown.code === "commander.help") return 2;
    return reportError(
      new HarnessError("NAS_USAGE", { what, next: "nas-harness --help, or --help after a command" }),
      json,
    );
  }
}
