import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `merge`. */
export interface MergeFlags {
  output: string;
  table?: string;
  overwrite?: true;
  json?: true;
}

const EXAMPLE = `
Example:
  nas-harness run rea --shard 1/2 --output shard-1     (on one machine)
  nas-harness run rea --shard 2/2 --output shard-2     (on another)
  nas-harness merge shard-1 shard-2 --output results

The merged records are the same, byte for byte, as those of one run of the whole plan.`;

/** Adds `merge` to the command line. */
export function addMergeCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("merge")
    .description("put the shards of a plan together")
    .argument("<shards...>", "output folders of run --shard")
    .option("-o, --output <folder>", "where the merged results go", "results")
    .option(
      "-t, --table <folder>",
      "the benchmark table (default: the first in $NAS_HARNESS_TABLES, ./tables, dataset plugins)",
    )
    .option("--overwrite", "replace results that are there")
    .option("--json", "print the summaries as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (shards: string[], flags: MergeFlags) => {
      const { mergeShards } = await import("../merge-shards.ts");
      outcome.exitCode = await mergeShards(shards, flags);
    });
}
