/**
 * Makes a folder in the format of NATS-Bench (once; it is used again), imports it, and prints time, memory, the time to open the
 * table and answer, and how long Python takes to open the same files:
 *
 *     npm run bench:import -- [--architectures 15625] [--folder <where it all goes>] [--jobs 2]
 *
 * Exit code 1 if a target is missed. Targets hold for all 15,625 files on two cores of a machine that does nothing else.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { recordedValues } from "../../core/cli/query-values.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { PeakMemory } from "./official-folder/process-memory.ts";

const TARGETS = { importSeconds: 480, memoryMb: 1536, answerMs: 100 };
const PYTHON_FILES = 500;
const BIN = path.join(import.meta.dirname, "../../core/cli/bin.js");
const GENERATOR = path.join(import.meta.dirname, "official-folder/generate.py");
const OPEN_IN_PYTHON = `
import bz2, os, pickle, sys, time
import numpy
folder, most = sys.argv[1], int(sys.argv[2])
names = sorted(name for name in os.listdir(folder) if name[0].isdigit())[:most]
start = time.perf_counter()
for name in names:
    with bz2.open(os.path.join(folder, name)) as file:
        pickle.load(file)
print((time.perf_counter() - start) / len(names))
`;

const { values: given } = parseArgs({
  options: {
    architectures: { type: "string", default: `${ARCHITECTURE_COUNT}` },
    folder: { type: "string", default: path.join(os.tmpdir(), "nas-harness-import-bench") },
    jobs: { type: "string", default: `${os.availableParallelism()}` },
  },
});
const files = path.join(given.folder, `files-${given.architectures}`);
const table = path.join(given.folder, "table");
const count = Number(given.architectures);

function show(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(44)} ${value}\n`);
}

function run(program: string, words: readonly string[]): Promise<number> {
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"] });
  const memory = new PeakMemory(child.pid as number);
  return new Promise((resolve, reject) => {
    child.on("close", (status) => {
      const peak = memory.stop();
      if (status === 0) resolve(peak);
      else reject(new Error(`${words.join(" ")} ended with ${status}`));
    });
  });
}

/** Milliseconds from nothing to all recorded values of an architecture, in a process of its own. */
function answerMs(architecture: number): number {
  const start = performance.now();
  const view = openSearchView(table);
  recordedValues(view, architecture);
  return performance.now() - start;
}

mkdirSync(given.folder, { recursive: true });
await run("python3", [GENERATOR, files, "--architectures", given.architectures, "--jobs", given.jobs]);
rmSync(table, { recursive: true, force: true });
rmSync(`${table}.import`, { recursive: true, force: true });
const bytes = readdirSync(files).reduce((sum, name) => sum + statSync(path.join(files, name)).size, 0);
show("files", `${count} and meta, ${(bytes / 1e6).toFixed(0)} MB`);
show(
  "machine",
  `${os.cpus()[0]?.model}, ${os.availableParallelism()} cores, load ${os.loadavg()[0]?.toFixed(1)} before`,
);

const begun = performance.now();
const memoryMb = await run(process.execPath, [
  ...[BIN, "table", "import", "nats-bench", files, "--output", table, "--overwrite", "--jobs", given.jobs],
]);
const importSeconds = (performance.now() - begun) / 1000;
show("import", `${importSeconds.toFixed(1)} s with ${given.jobs} processes`);
show("memory of all processes together", `${memoryMb.toFixed(0)} MB`);

const first = answerMs(count - 1);
const others = Array.from({ length: 20 }, (_, at) => answerMs((at * 7919) % count)).sort((a, b) => a - b);
show("open and answer, the first time", `${first.toFixed(1)} ms`);
show("open and answer, median of 20 architectures", `${others[10]?.toFixed(1)} ms`);

const python = spawnSync("python3", ["-c", OPEN_IN_PYTHON, files, `${PYTHON_FILES}`], { encoding: "utf8" });
if (python.status === 0) {
  const seconds = Number(python.stdout) * count;
  const measured = Math.min(PYTHON_FILES, count);
  const how = measured < count ? `extrapolated from ${measured} files` : "measured";
  show("Python opens all files (bz2, pickle)", `${seconds.toFixed(0)} s, ${how}`);
  show("  relative to opening the table", `${((seconds * 1000) / first).toFixed(0)} times`);
} else show("Python opens all files (bz2, pickle)", "not measured: python3 with numpy is not here");

const missed = [
  ...(importSeconds > TARGETS.importSeconds ? [`import within ${TARGETS.importSeconds} s`] : []),
  ...(memoryMb > TARGETS.memoryMb ? [`memory within ${TARGETS.memoryMb} MB`] : []),
  ...(first > TARGETS.answerMs ? [`answer within ${TARGETS.answerMs} ms`] : []),
];
if (missed.length > 0) {
  show("missed", missed.join("; "));
  process.exitCode = 1;
}
