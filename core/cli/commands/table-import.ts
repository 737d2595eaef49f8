import os from "node:os";
import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";
import type { ImportCsvFlags } from "../table-import.ts";
import type { ImportOfficialFlags } from "../table-import-official.ts";
import { addHardwareImport } from "./hardware.ts";
import { addOfficialOptions } from "./import-options.ts";
import { addDerivedImportCommands } from "./table-import-derived.ts";

const IMPORT_EXAMPLE = `
Examples:
  nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple
  nas-harness table import nas-bench-201 NAS-Bench-201-v1_1-096897.pth
  nas-harness table import csv nb201.csv.gz --mapping nas-bench-201-extract
  nas-harness table import hw nb201_hw_nas_bench.csv.gz --mapping hw-nas-bench`;

const CSV_EXAMPLE = `
Examples:
  nas-harness table import csv nb201.csv.gz --mapping nas-bench-201-extract
  nas-harness table import csv mine.csv --mapping mine.json --output tables/mine --overwrite

The mapping says which column holds what (schemas/csv-mapping.schema.json; examples in
core/importers/mappings/). Nothing is written unless the whole file is right.`;

const OFFICIAL_NOTE = `
Nothing in a pickle is run. Every training, epoch and seed is kept as recorded; what is odd is told in
import-report.json. Ctrl-C is safe: the same command goes on where it stopped.`;

const NATS_BENCH_EXAMPLE = `
Examples:
  nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple
  nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple.tar --jobs 4
  nas-harness table import nats-bench NATS-tss-v1_0-3ffb9.pickle.pbz2 --output tables/nats
${OFFICIAL_NOTE}`;

const NAS_BENCH_201_EXAMPLE = `
Examples:
  nas-harness table import nas-bench-201 NAS-Bench-201-v1_1-096897.pth
  nas-harness table import nas-bench-201 NAS-Bench-201-v1_0-e61699.pth --json
${OFFICIAL_NOTE}`;

function addOfficialCommands(group: Command, outcome: CommandOutcome): void {
  addOfficialOptions(
    group
      .command("nats-bench")
      .description("make a table from NATS-Bench's files: the folder, its tar archive, or the single file")
      .argument("<path>", "NATS-tss-…-simple or -full (folder or .tar), or NATS-tss-….pickle.pbz2"),
  )
    .option("-j, --jobs <n>", "processes that read a folder or archive", String(os.availableParallelism()))
    .addHelpText("after", NATS_BENCH_EXAMPLE)
    .action(async (path: string, flags: ImportOfficialFlags) => {
      const { importOfficial } = await import("../table-import-official.ts");
      outcome.exitCode = await importOfficial(path, "nats-bench", flags);
    });
  addOfficialOptions(
    group
      .command("nas-bench-201")
      .description("make a table from a file of NAS-Bench-201, v1_0 or v1_1")
      .argument("<file>", "NAS-Bench-201-….pth"),
  )
    .addHelpText("after", NAS_BENCH_201_EXAMPLE)
    .action(async (path: string, flags: ImportOfficialFlags) => {
      const { importOfficial } = await import("../table-import-official.ts");
      outcome.exitCode = await importOfficial(path, "nas-bench-201", flags);
    });
}

/** Adds `table import …` to the command line. */
export function addImportCommands(table: Command, outcome: CommandOutcome): void {
  const group = table
    .command("import")
    .description("make a table from another format")
    .helpCommand(false)
    .addHelpText("after", IMPORT_EXAMPLE);
  addOfficialCommands(group, outcome);
  addHardwareImport(group);
  addDerivedImportCommands(group, outcome);
  group
    .command("csv")
    .description("make a table from a wide CSV: one row an architecture, plain or gzip")
    .argument("<file>", "the CSV file")
    .requiredOption("-m, --mapping <json>", "which column holds what: a mapping file, or a built-in mapping's name")
    .option("-o, --output <folder>", "where the table goes (default: tables/<id of the table>)")
    .option("--overwrite", "replace the table that is there")
    .option("--if-missing", "do nothing if the folder holds the table of the same CSV and mapping")
    .option("--json", "print the table's card as one JSON document on stdout")
    .addHelpText("after", CSV_EXAMPLE)
    .action(async (file: string, flags: ImportCsvFlags) => {
      const { importCsv } = await import("../table-import.ts");
      await importCsv(file, flags);
    });
}
