import type { Command } from "commander";

/** Adds the options that all imports of official files have. */
export function addOfficialOptions(command: Command): Command {
  return command
    .option("-o, --output <folder>", "where the table goes (default: tables/<id of the table>)")
    .option("--overwrite", "replace the table that is there")
    .option("--if-missing", "do nothing if the folder holds the table of the same files")
    .option("--json", "print the table's card and the report as one JSON document on stdout");
}
