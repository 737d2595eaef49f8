import type { Command } from "commander";
import type { QueryFlags } from "../query.ts";

const EXAMPLE = `
Examples:
  nas-harness query 1462
  nas-harness query '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|'
  nas-harness query --row 1462       the six numbers of a row of the published table

Without a table it shows what needs none: the drawing, the class, parameters and FLOPs.`;

/** Adds `query` to the command line. */
export function addQueryCommand(program: Command): void {
  program
    .command("query")
    .description("show what is known of one architecture")
    .argument("<architecture>", "an architecture string (quoted for the shell) or an official index")
    .option(
      "-t, --table <folder>",
      "the benchmark table (default: the first in $NAS_HARNESS_TABLES, ./tables, dataset plugins)",
    )
    .option("--row", "print only the six numbers of a published row, as protocol nas-bench-201 reports them")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (architecture: string, flags: QueryFlags) => {
      const { queryArchitecture } = await import("../query.ts");
      queryArchitecture(architecture, flags);
    });
}
