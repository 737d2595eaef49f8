import type { Command } from "commander";
import type { ImportCsvFlags } from "../table-import.ts";

const EXAMPLE = `
Examples:
  nas-harness table import hw nb201_hw_nas_bench.csv.gz --mapping hw-nas-bench
  nas-harness table import hw nb201_device_latency.csv.gz --mapping help
  nas-harness table import hw mine.csv --mapping mine.json --output tables/mine

Built-in mappings: help, hw-nas-bench. A protocol may then name a column as a constraint, for
example raspi4-latency of hw-nas-bench at most 5 ms (docs/hardware-costs.md).`;

/** Adds `table import hw` to `table import`. */
export function addHardwareImport(imports: Command): void {
  imports
    .command("hw")
    .description("make a table of hardware costs from a wide CSV: latency, energy of every architecture")
    .argument("<file>", "the CSV file, plain or gzip")
    .requiredOption("-m, --mapping <json>", "which column holds what: a built-in mapping's name, or a mapping file")
    .option("-o, --output <folder>", "where the table goes (default: tables/<id of the table>)")
    .option("--overwrite", "replace the cost table that is there")
    .option("--if-missing", "do nothing if the folder holds the costs of the same CSV and mapping")
    .option("--json", "print the card as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (file: string, flags: ImportCsvFlags) => {
      const { importHardware } = await import("../hardware-import.ts");
      await importHardware(file, flags);
    });
}
