import { type Command, Option } from "commander";
import { ISOLATION_MODES, type IsolationMode } from "../../isolation/isolation-mode.ts";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `check`. */
interface CheckFlags {
  isolation: Exclude<IsolationMode, "none">;
  memoryLimit: string;
  from?: string;
  json?: true;
}

const EXAMPLE = `
Examples:
  nas-harness check ./my-method
  nas-harness check ./my-dataset
  nas-harness check fashion-mnist --from downloads/fashion-mnist

A method needs no table: the benchmarks are made up. One that passes may still be a bad one; one that fails
gives numbers that nobody can make again. Of a dataset the images, recipes, protocol and, if it is there, the
table are checked; its code runs inside the harness. The same checks can run in a plugin's own tests:
conformanceChecks and datasetChecks from nas-harness/testing.`;

/** Adds `check` to the command line. */
export function addCheckCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("check")
    .description("check a method's manifest and its conduct, or a dataset's images and what belongs to them")
    .argument("<plugin>", "path of a plugin's folder, npm package or built-in name")
    .addOption(
      new Option("--isolation <mode>", "how the method is kept apart (docs/isolation.md)")
        .choices(ISOLATION_MODES.filter((mode) => mode !== "none"))
        .default("auto"),
    )
    .option("--memory-limit <MB>", "memory that a method's process may use", "1024")
    .option("-f, --from <folder>", "where a dataset's files are, if it does not bring them")
    .option("--json", "print the results as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (plugin: string, flags: CheckFlags) => {
      const { checkCommand } = await import("../check.ts");
      outcome.exitCode = await checkCommand(plugin, flags);
    });
}

export type { CheckFlags };
