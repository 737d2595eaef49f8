import os from "node:os";
import { type Command, Option } from "commander";
import { ISOLATION_MODES, type IsolationMode } from "../../isolation/isolation-mode.ts";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `submit`. */
export interface SubmitFlags {
  protocol: string;
  submissions: string;
  results: string;
  jobs: string;
  runLimit: string;
  memoryLimit: string;
  isolation: Exclude<IsolationMode, "none">;
  option?: string[];
  tableUrl?: string;
  overwrite?: true;
  json?: true;
}

const EXAMPLE = `
Examples:
  nas-harness submit ./my-method
  nas-harness submit ./my-method --protocol fashion-mnist-8x8 --option my-method.populationSize=25
  nas-harness submit ./my-dataset --table-url https://example.org/my-dataset/table/

A method: runs the whole plan of the protocol (what is in the results folder already is kept) and writes
<submissions>/<method>/<version>/ with the plugin's source, one short line a run, and the summary.
A dataset: writes the plugin with its recipes, protocol and table; nothing is run.
Hand the folder in as one pull request; next: nas-harness verify. docs/guides/submit.md tells the whole way.`;

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

/** Adds `submit` to the command line. */
export function addSubmitCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("submit")
    .description("run a method's whole plan and write what to hand in; or hand in a dataset")
    .argument("<plugin>", "path of a plugin's folder, npm package or built-in name; a variant is <plugin>#<variant>")
    .option("-p, --protocol <id or file>", "a protocol whose table everybody has", "fashion-mnist-8x8")
    .option("-s, --submissions <folder>", "where submissions lie", "leaderboard/submissions")
    .option("-r, --results <folder>", "where the runs' whole records go", "results")
    .option("-j, --jobs <number>", "processes", String(os.availableParallelism()))
    .option("--run-limit <seconds>", "wall-clock limit of one run; a run that takes longer fails", "300")
    .option("--memory-limit <MB>", "memory that the method's process may use", "1024")
    .addOption(
      new Option("--isolation <mode>", "how the method is kept apart (docs/isolation.md)")
        .choices(ISOLATION_MODES.filter((mode) => mode !== "none"))
        .default("auto"),
    )
    .option("--option <method.name=value>", "an option of the method; may be given again", collect)
    .option("--table-url <address>", "a dataset's table is at this address and not handed in itself")
    .option("--overwrite", "replace a submission of the same version")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (plugin: string, flags: SubmitFlags) => {
      const { submitCommand } = await import("../submit.ts");
      outcome.exitCode = await submitCommand(plugin, flags);
    });
}
