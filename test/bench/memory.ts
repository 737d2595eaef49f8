import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { writeGeneratedTable } from "../helpers/generated-table.ts";
import { MEMORY_FILE_VARIABLE } from "./memory-report.ts";

const BIN = path.join(import.meta.dirname, "../../core/cli/bin.js");
const REPORT = pathToFileURL(path.join(import.meta.dirname, "memory-report.ts")).href;

/**
 * Largest resident memory, in MB, of the process of `nas-harness run` itself for the whole plan of nats-bench, the protocol
 * with the most runs and the longest traces. Its workers and the revealing process are other processes.
 * @param folder takes a generated table and the results
 * @throws Error with what was printed if the run fails
 */
export function measureRunMemory(methods: readonly string[], folder: string): number {
  const [table, output, file] = ["nats-bench-table", "nats-bench-results", "peak-memory"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  writeGeneratedTable(table);
  const words = ["run", ...methods, "--protocol", "nats-bench", "--table", table, "--output", output];
  const { status, stderr } = spawnSync(process.execPath, ["--import", REPORT, BIN, ...words], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    env: { ...process.env, [MEMORY_FILE_VARIABLE]: file },
  });
  if (status !== 0) throw new Error(`nas-harness run ended with exit code ${status}: ${stderr}`);
  return Number(readFileSync(file, "utf8")) / 1024;
}
