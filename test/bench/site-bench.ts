/**
 * Makes submissions of 500 runs each, builds the leaderboard from them, changes one, builds again, and prints times and memory:
 *
 *     npm run bench:site -- [--submissions 1000] [--folder <where it all goes>]
 *
 * Exit code 1 if a target is missed. Targets hold for 1,000 submissions on two cores of a machine that does nothing else.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { MEMORY_FILE_VARIABLE } from "./memory-report.ts";

const TARGETS = { wholeSeconds: 60, changedSeconds: 5, memoryMb: 1024 };
const REPOSITORY = path.join(import.meta.dirname, "../..");
const SOURCE = path.join(REPOSITORY, "leaderboard/submissions/rs/1.0.0");

const { values: given } = parseArgs({
  options: {
    submissions: { type: "string", default: "1000" },
    folder: { type: "string", default: path.join(os.tmpdir(), "nas-harness-site-bench") },
  },
});

const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

/** A submission like that of random search under another name, with answers and means moved by `shift`. */
function writeSubmission(root: string, name: string, shift: number): void {
  const folder = path.join(root, name, "1.0.0");
  if (!existsSync(folder)) cpSync(SOURCE, folder, { recursive: true });
  const title = `Random search ${name}`;
  const submission = json(path.join(SOURCE, "submission.json"));
  const method = { ...submission.method, id: name, title };
  writeFileSync(path.join(folder, "submission.json"), JSON.stringify({ ...submission, method }));
  const manifest = json(path.join(SOURCE, "plugin/plugin.json"));
  writeFileSync(path.join(folder, "plugin/plugin.json"), JSON.stringify({ ...manifest, name, title }));
  const summary: RunSummary = json(path.join(SOURCE, "summary.json"));
  const rows = summary.rows.map((row) => ({
    ...row,
    method: name,
    title,
    recordsDigest: createHash("sha256").update(`${name} ${shift}`).digest("hex"),
  }));
  writeFileSync(path.join(folder, "summary.json"), JSON.stringify({ ...summary, rows }));
  const lines = readFileSync(path.join(SOURCE, "runs.jsonl"), "utf8").trimEnd().split("\n");
  const moved = lines.map((line, at) => {
    const run = JSON.parse(line);
    // A tenth of the answers is moved: as methods that find much the same do.
    const move = at % 10 === 0 ? shift * 37 : 0;
    const answers = run.answers.map((answer: { architecture: number; weight: number }) => ({
      ...answer,
      architecture: (answer.architecture + move) % ARCHITECTURE_COUNT,
    }));
    return JSON.stringify({ ...run, answers });
  });
  writeFileSync(path.join(folder, "runs.jsonl"), `${moved.join("\n")}\n`);
}

/** Builds the site in a process of its own. @throws Error with what it said if it fails */
function build(root: string): { seconds: number; megabytes: number } {
  const memoryFile = path.join(root, "memory.txt");
  const words = ["leaderboard", "--submissions", path.join(root, "submissions"), "--output", path.join(root, "site")];
  const report = path.join(import.meta.dirname, "memory-report.ts");
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", report, path.join(REPOSITORY, "core/cli/bin.js"), ...words],
    { cwd: root, encoding: "utf8", env: { ...process.env, [MEMORY_FILE_VARIABLE]: memoryFile }, maxBuffer: 1e9 },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
  return { seconds, megabytes: Number(readFileSync(memoryFile, "utf8")) / 1024 };
}

const count = Number(given.submissions);
const root = path.resolve(given.folder);
const submissions = path.join(root, "submissions");
const nameAt = (at: number) => `rs-${String(at).padStart(4, "0")}`;
mkdirSync(root, { recursive: true });
rmSync(path.join(root, "site"), { recursive: true, force: true });
for (let at = 0; at < count; at++) writeSubmission(submissions, nameAt(at), at);
const whole = build(root);
// Half a gigabyte is still on its way to the disk: who changes a submission does it later.
spawnSync("sync");
writeSubmission(submissions, nameAt(0), count + 1);
const changed = build(root);
const unchanged = build(root);
const lines = [
  ["from nothing, s", whole.seconds, TARGETS.wholeSeconds],
  ["after one change, s", changed.seconds, TARGETS.changedSeconds],
  ["after no change, s", unchanged.seconds, TARGETS.changedSeconds],
  ["memory, MB", Math.max(whole.megabytes, changed.megabytes), TARGETS.memoryMb],
] as const;
for (const [name, value, target] of lines) {
  process.stdout.write(`${name.padEnd(22)} ${value.toFixed(1).padStart(8)}   at most ${target}\n`);
}
process.exitCode = lines.some(([, value, target]) => value > target) ? 1 : 0;
