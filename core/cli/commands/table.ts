import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";
import { addTableExportCommand } from "./table-export.ts";
import { addTableFetchCommand } from "./table-fetch.ts";
import { addImportCommands } from "./table-import.ts";
import { addTableTrainingCommands } from "./training.ts";

/** What the command line gives to `table info`, `check` and `correlate`. */
interface TableFlags {
  json?: true;
}

const TABLE_EXAMPLES = `
Examples:
  nas-harness table fetch nats-tss-simple
  nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple
  nas-harness table import csv nb201.csv.gz --mapping nas-bench-201-extract
  nas-harness table info
  nas-harness table check tables/nas-bench-201-extract
  nas-harness table correlate

Tables are looked for in $NAS_HARNESS_TABLES (folders, separated as in PATH), ./tables and the dataset plugins.`;

const INFO_EXAMPLE = `
Examples:
  nas-harness table info                               every table that is found
  nas-harness table info tables/nas-bench-201-extract --json`;

const CHECK_EXAMPLE = `
Example:
  nas-harness table check tables/nas-bench-201-extract

Checks sizes and SHA-256 of all files, the content hash, that no architecture is missing, the range
of every value, and the published optima. Exit code 1 if a check fails; all problems are listed.`;

const CORRELATE_EXAMPLE = `
Example:
  nas-harness table correlate tables/nas-bench-201-extract

Kendall's tau-b and Spearman's rho between datasets, between recipes (mean over trials) and between
the single trials of two seeds: over all cells, and over the top 10 % by the first of the two.`;

/** Adds `table import`, `table info`, `table check` and `table correlate` to the command line. */
export function addTableCommands(program: Command, outcome: CommandOutcome): void {
  const table = program
    .command("table")
    .description("import, show, check, compare and export benchmark tables")
    .helpCommand(false)
    .addHelpText("after", TABLE_EXAMPLES);
  addTableFetchCommand(table, outcome);
  addImportCommands(table, outcome);
  addTableExportCommand(table, outcome);
  addTableTrainingCommands(table, outcome);
  table
    .command("info")
    .description("show what tables hold and where it comes from")
    .argument("[folder]", "a table's folder (default: every table that is found)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", INFO_EXAMPLE)
    .action(async (folder: string | undefined, flags: TableFlags) => {
      const { showTables } = await import("../table-info.ts");
      showTables(folder, flags.json === true);
    });
  table
    .command("check")
    .description("check files, values and published optima of tables")
    .argument("[folder]", "a table's folder (default: every table that is found)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", CHECK_EXAMPLE)
    .action(async (folder: string | undefined, flags: TableFlags) => {
      const { checkTables } = await import("../table-checks.ts");
      checkTables(folder, flags.json === true);
    });
  table
    .command("correlate")
    .description("rank correlations between datasets, recipes and seeds")
    .argument("[folder]", "a table's folder (default: every table that is found)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", CORRELATE_EXAMPLE)
    .action(async (folder: string | undefined, flags: TableFlags) => {
      const { correlateTables } = await import("../table-correlate.ts");
      correlateTables(folder, flags.json === true);
    });
}
