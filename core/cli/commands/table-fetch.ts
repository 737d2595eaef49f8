import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";
import type { TableFetchFlags } from "../table-fetch.ts";

const EXAMPLES = `
Examples:
  nas-harness table fetch                               what can be fetched, with sizes and licences
  nas-harness table fetch nats-tss-simple               fetch it, check it, import it
  nas-harness table fetch nas-bench-201-v1-1 --no-import --data /scratch/nas-bench-201
  nas-harness table fetch nats-tss-simple --sources our-mirror.json

Fetches an official file from the addresses that its publishers name, one after the other until one gives
it, checks it by what is known of its checksum, unpacks it where that is needed, and imports it. Interrupt
it at any time: the same command goes on. What is there is kept. Where no address gives the file, the
message says which page to open and where to put the file; the same command then checks and imports it.
--sources takes a list of your own (schemas/table-sources.schema.json), for example of an institute's
mirror. A proxy is taken from HTTPS_PROXY and NO_PROXY. docs/official-files.md says which file to choose.`;

/** Adds `table fetch` to the command line. */
export function addTableFetchCommand(table: Command, outcome: CommandOutcome): void {
  table
    .command("fetch")
    .description("fetch an official NAS-Bench-201 file, check it and import it; without a source: list them")
    .argument("[source]", "a source's id (default: list all)")
    .option("-d, --data <folder>", "where the files go (default: downloads/<source>)")
    .option("-s, --sources <json>", "a list of sources of your own in place of the built-in one")
    .option("--no-import", "fetch and check only")
    .option("-o, --output <folder>", "where the table goes (default: as table import)")
    .option("--overwrite", "replace the table that is there")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLES)
    .action(async (source: string | undefined, flags: TableFetchFlags) => {
      const { fetchTable } = await import("../table-fetch.ts");
      outcome.exitCode = await fetchTable(source, flags);
    });
}
