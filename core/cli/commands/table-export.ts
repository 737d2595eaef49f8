import { type Command, Option } from "commander";
import type { CommandOutcome } from "../program.ts";
import type { TableExportFlags } from "../table-export.ts";

const EXAMPLES = `
Examples:
  nas-harness table export tables/mine -o mine.parquet
  nas-harness table export tables/mine --shape summary -o cells.csv
  nas-harness table export tables/mine --dataset cifar100 --recipe 200-epochs --split valid,test
      --epochs 1-12,200 --seeds 777,888 --architectures 0-99,11472 -o part.parquet

Shapes: curves (the default) has one row for each dataset, recipe, architecture, trial and epoch, and a
column for each metric; summary has one row for each architecture, with mean accuracies at the last
recorded epoch (or at those of --epochs), standard deviations, parameters and FLOPs. Lists are
separated by commas. What is not recorded is null (an empty cell); docs/export.md has every column.`;

/** Adds `table export` to the command line. */
export function addTableExportCommand(table: Command, outcome: CommandOutcome): void {
  table
    .command("export")
    .description("write a table, or a part of it, as Parquet or CSV, for pandas and the like")
    .argument("[folder]", "a table's folder (default: the only table that is found)")
    .requiredOption("-o, --output <file>", "the file to write")
    .addOption(
      new Option("--format <format>", "what to write (default: as the file's name ends)").choices(["parquet", "csv"]),
    )
    .addOption(new Option("--shape <shape>", "what a row is").choices(["curves", "summary"]).default("curves"))
    .option("--dataset <ids>", "only these datasets")
    .option("--recipe <ids>", "only these recipes")
    .option("--split <names>", "only metrics of these splits: train, valid, test, valtest")
    .option("--epochs <list>", "only these epochs, e.g. 1-12,200")
    .option("--architectures <list>", "only these architectures: indices, ranges or strings")
    .option("--seeds <list>", "only single trials with these seeds")
    .option("--overwrite", "replace the file that is there")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLES)
    .action(async (folder: string | undefined, flags: TableExportFlags) => {
      const { runTableExport } = await import("../table-export.ts");
      outcome.exitCode = await runTableExport(folder, flags);
    });
}
