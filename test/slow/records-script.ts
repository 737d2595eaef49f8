/**
 * Executes the first runs of every method and protocol in this process and prints their records, one a line: the same
 * script on two runtimes must print the same bytes. Usage: node records-script.ts <table folder> <runs>
 */
import { writeSync } from "node:fs";
import { formatRecord } from "../../core/records/record.ts";
import { prepareRuns } from "../helpers/recorded-runs.ts";

const [tableFolder = "", runs = ""] = process.argv.slice(2);
process.stderr.write(`Node.js ${process.version} on ${process.arch}\n`);
for (const run of await prepareRuns(tableFolder, Number(runs))) writeSync(1, `${formatRecord(run.record())}\n`);
