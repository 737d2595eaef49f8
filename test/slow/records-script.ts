/**
 * Executes the first runs of every method and protocol in this process and prints their records, one a line: the same
 * script on two runtimes must print the same bytes. Usage: node records-script.ts <runs> <table folders>
 */
import { writeSync } from "node:fs";
import { formatRecord } from "../../core/records/record.ts";
import { prepareRuns } from "../helpers/recorded-runs.ts";

const [runs = "", ...tableFolders] = process.argv.slice(2);
process.stderr.write(`Node.js ${process.version} on ${process.arch}\n`);
for (const tableFolder of tableFolders) {
  for (const run of await prepareRuns(tableFolder, Number(runs))) writeSync(1, `${formatRecord(run.record())}\n`);
}
