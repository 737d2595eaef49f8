/**
 * `npm run parity`: the means of the four tabular methods against the published rows. Exit code 0: all within their
 * bounds; 1: one is not; 2: wrong usage or a broken summary; 4: the re-runs are not there.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { formatError, HarnessError, messageOf } from "../core/errors/harness-error.ts";
import { loadProtocol } from "../core/protocols/protocol-file.ts";
import { readSummary, SUMMARY_NAME } from "../core/statistics/summary-file.ts";
import type { RunSummary } from "../schemas/generated/run-summary.ts";
import { signedText } from "./generator/figures.ts";
import { readPublished } from "./generator/published-rows.ts";
import { checkParity, PARITY_METHODS, PARITY_PROTOCOL, type ParityDifference } from "./parity-check.ts";

const MAKE_THEM =
  "npm run start:nas-bench-201 (imports the table, runs the four methods 500 times each and writes the leaderboard)";

function resultsFolder(): string {
  try {
    return parseArgs({ options: { results: { type: "string", default: "results" } } }).values.results;
  } catch (cause) {
    throw new HarnessError("NAS_USAGE", {
      what: messageOf(cause),
      allowed: "--results <folder>",
      next: "npm run parity, or npm run parity -- --results <folder>",
      cause,
    });
  }
}

/** The methods' summaries, each over its protocol's whole plan. */
function readSummaries(results: string): RunSummary[] {
  const folders = PARITY_METHODS.map((method) => path.join(results, PARITY_PROTOCOL, method));
  const missing = folders.filter((folder) => !existsSync(path.join(folder, SUMMARY_NAME)));
  const summaries = folders.filter((folder) => !missing.includes(folder)).map(readSummary);
  const { runs } = loadProtocol(PARITY_PROTOCOL);
  const partial = summaries.flatMap(({ rows }) => rows).filter((row) => row.runs < runs);
  if (missing.length === 0 && partial.length === 0) return summaries;
  const lacks = [
    ...missing.map((folder) => `${folder} has no ${SUMMARY_NAME}`),
    ...partial.map((row) => `${row.method} has ${row.runs} finished runs, not ${runs}`),
  ];
  throw new HarnessError("NAS_RESULTS_MISSING", {
    what: "there is nothing to compare with the published rows yet",
    where: lacks.join("\n"),
    next: MAKE_THEM,
  });
}

function report(differences: readonly ParityDifference[]): string {
  const head = ["method", "column", "re-run", "published", "difference", "bound", "", "std", "published"];
  const rows = differences.map((entry) => [
    entry.method,
    entry.column,
    entry.mean.toFixed(2),
    entry.publishedMean.toFixed(2),
    signedText(entry.difference),
    entry.bound.toFixed(2),
    entry.within ? "ok" : "OUT",
    entry.std.toFixed(2),
    entry.publishedStd?.toFixed(2) ?? "",
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] as string).length)));
  const isText = (at: number) => at < 2 || at === 6;
  return [head, ...rows]
    .map((row) =>
      row
        .map((text, at) => (isText(at) ? text.padEnd(widths[at] as number) : text.padStart(widths[at] as number)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

try {
  const published = readPublished().find(({ protocol }) => protocol === "nas-bench-201");
  if (published === undefined) throw new HarnessError("NAS_INTERNAL", { what: "the published table is missing" });
  const { differences, missing, passed } = checkParity(readSummaries(resultsFolder()), published);
  const outside = differences.filter(({ within }) => !within).length;
  process.stdout.write(`Means in percent, re-run under ${PARITY_PROTOCOL} against ${published.title}.\n`);
  process.stdout.write(`${report(differences)}\n`);
  for (const lack of missing) process.stderr.write(`${lack}\n`);
  process.stdout.write(
    `${differences.length - outside} of ${differences.length} differences are within their bounds; deviations (std) are not judged.\n`,
  );
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  if (!(error instanceof HarnessError)) throw error;
  process.stderr.write(`${formatError(error)}\n`);
  process.exitCode = error.exitCode;
}
