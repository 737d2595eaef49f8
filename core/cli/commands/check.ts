import { type Command, Option } from "commander";
import { ISOLATION_MODES, type IsolationMode } from "../../isolation/isolation-mode.ts";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `check`. */
interface CheckFlags {
  isolation: Exclude<IsolationMode, "none">;
  memoryLimit: string;
  json?: true;
}

const EXAMPLE = `
Example:
  nas-harness check ./my-method

Needs no table: the benchmarks are made up. The same checks can run in a plugin's own tests:
conformanceChecks from nas-harness/testing. A method that passes may still be a bad one; one that fails
gives numbers that nobody can make again.`;

/** Adds `check` to the command line. */
export function addCheckCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("check")
    .description("check a method's manifest and its conduct")
    .argument("<method>", "path of a plugin's folder, npm package or built-in name")
    .addOption(
      new Option("--isolation <mode>", "how the method is kept apart (docs/isolation.md)")
        .choices(ISOLATION_MODES.filter((mode) => mode !== "none"))
        .default("auto"),
    )
    .option("--memory-limit <MB>", "memory that its process may use", "1024")
    .option("--json", "print the results as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (method: string, flags: CheckFlags) => {
      const { checkCommand } = await import("../check.ts");
      outcome.exitCode = await checkCommand(method, flags);
    });
}

export type { CheckFlags };
