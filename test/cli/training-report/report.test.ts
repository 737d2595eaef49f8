import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { TrainingReportFlags } from "../../../core/cli/commands/training-report.ts";
import { makeTrainingReport } from "../../../core/cli/training-report/report.ts";
import { trainingReportCommand } from "../../../core/cli/training-report.ts";
import { loadProtocol } from "../../../core/protocols/protocol-file.ts";
import { REVEALED_NAME } from "../../../core/records/reveal.ts";
import { readCard } from "../../../core/tables/search-view.ts";
import { runCommandLine } from "../../helpers/command-line.ts";
import { EMBEDDED_TABLE } from "../../helpers/embedded-table.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { type MadeUpResults, type MadeUpRun, writeMethodResults } from "../../statistics/method-results.ts";

const PROTOCOL = loadProtocol("fashion-mnist-8x8");
const CARD = readCard(EMBEDDED_TABLE);
const TABLE = { id: CARD.id, version: CARD.version, searchContentHash: CARD.searchContentHash };
const RUN: MadeUpRun = { trained: [10, 1835, 12], values: 81, cpuSeconds: 4 };

function write(results: string, method: string, runs: readonly MadeUpRun[], changes: Partial<MadeUpResults> = {}) {
  return writeMethodResults(results, { method, title: method, protocol: PROTOCOL, table: TABLE, runs, ...changes });
}

function reportOf(results: string, log: string | null = null) {
  return makeTrainingReport({ results, protocol: PROTOCOL, tableFolder: EMBEDDED_TABLE, card: CARD, log });
}

function flagsOf(results: string, changes: Partial<TrainingReportFlags> = {}): TrainingReportFlags {
  return { results, protocol: PROTOCOL.id, table: EMBEDDED_TABLE, ...changes };
}

test("reads runs, answers, costs and what is not finished", () => {
  const results = temporaryFolder();
  write(results, "gdas", [RUN, { ...RUN, evaluated: [99], values: 60, cpuSeconds: 6 }]);
  write(results, "rs", [{ values: 80 }, { values: 82 }]);
  rmSync(path.join(write(results, "setn", [RUN]), REVEALED_NAME));
  write(results, "enas", [{ failure: { code: "NAS_ALGORITHM_THREW", what: "no" } }]);
  write(results, "rsps", [RUN], { table: { ...TABLE, searchContentHash: "b".repeat(64) } });
  const { trained, others, leftOut, standing } = reportOf(results);
  expect(trained.map(({ variant, cpuSeconds, failed }) => ({ variant, cpuSeconds, failed }))).toEqual([
    { variant: "gdas", cpuSeconds: 5, failed: 0 },
  ]);
  expect(trained[0]?.runs.map(({ answer, test, seconds }) => [answer, test, seconds])).toEqual([
    [12, 81, 3.5],
    [99, 60, 3.5],
  ]);
  expect(trained[0]?.runs[0]?.epochs.map(([cell]) => cell)).toEqual([10, 1835, 12]);
  // The shares are those of the embedded table: its random cell has 77.54, and nearly none is below 60 but the 341 without a path.
  expect(standing.mean).toBeCloseTo(77.54, 2);
  expect(trained[0]?.runs[1]?.beaten).toBeCloseTo(341 / 15_625, 12);
  expect(others).toMatchObject([{ method: "rs", test: [80, 82], failed: 0 }]);
  expect(leftOut).toContain("SETN (not finished)");
  expect(leftOut).toContain("ENAS (every run failed)");
  expect(leftOut).toContain("RSPS (not run)");
  expect(leftOut).toHaveLength(11);
});

test("results that are missing or of no use", () => {
  const results = temporaryFolder();
  const missing = harnessErrorOf(() => reportOf(results));
  expect(missing).toMatchObject({ code: "NAS_RESULTS_MISSING", details: { where: results } });
  expect(missing.details.next).toContain("--protocol fashion-mnist-8x8 --runs 3");
  expect(harnessErrorOf(() => reportOf(path.join(results, "none"))).code).toBe("NAS_FILE_NOT_FOUND");
  write(results, "rs", [{ values: 80 }]);
  expect(harnessErrorOf(() => reportOf(results)).code).toBe("NAS_RESULTS_MISSING");
  write(results, "gdas", [{ values: 80 }]);
  expect(harnessErrorOf(() => reportOf(results))).toMatchObject({
    code: "NAS_RECORD_CORRUPT",
    details: { what: "run 0 has no epochs of training" },
  });
  const folder = write(results, "gdas", [RUN]);
  writeFileSync(path.join(folder, REVEALED_NAME), '{"search":"fashion-mnist-8x8","runIndex":0,"columns":{}}\n');
  expect(harnessErrorOf(() => reportOf(results)).code).toBe("NAS_REVEAL_INCOMPLETE");
  const refused = harnessErrorOf(() => trainingReportCommand(flagsOf(results, { protocol: "nats-bench" })));
  expect(refused.code).toBe("NAS_TABLE_REFUSED");
});

test("a protocol with several searches is refused", () => {
  const protocol = loadProtocol("nas-bench-201");
  const request = { results: temporaryFolder(), protocol, tableFolder: EMBEDDED_TABLE, card: CARD, log: null };
  expect(harnessErrorOf(() => makeTrainingReport(request))).toMatchObject({
    code: "NAS_USAGE",
    details: { where: "--protocol" },
  });
});

test("the command writes the same page again, with the log beside the results", async () => {
  const folder = temporaryFolder();
  const results = path.join(folder, "reference");
  mkdirSync(results);
  write(results, "enas", [RUN]);
  const words = ["training-report", "--output", "page.md"];
  const run = () => runCommandLine(words, { cwd: folder });
  const first = await run();
  expect(first, first.stderr).toMatchObject({ exitCode: 0, stdout: "page.md\n" });
  const page = readFileSync(path.join(folder, "page.md"), "utf8");
  expect(page).toContain("```\nnas-harness training-report --results reference\n```");
  expect(page).toContain("no epoch log was given");
  const epochs = [10, 1835, 12].map((architecture, at) => ({
    ...{ method: "enas", search: "fashion-mnist-8x8", runIndex: 0, epoch: at + 1, architecture },
    ...{ spentMs: (at + 1) * 1000, entropy: 9 - at },
  }));
  writeFileSync(path.join(results, "epochs.jsonl"), epochs.map((own) => JSON.stringify(own)).join("\n"));
  await run();
  const logged = readFileSync(path.join(folder, "page.md"), "utf8");
  expect(logged).toContain("| nats | 9.00 | 8.00 | 7.00 |");
  await run();
  expect(readFileSync(path.join(folder, "page.md"), "utf8")).toBe(logged);
});

test("nothing is written if the results are missing; help has an example", async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "reference"));
  const failed = await runCommandLine(["training-report", "--output", "page.md"], { cwd: folder });
  expect(failed.exitCode).toBe(4);
  expect(failed.stderr).toContain("NAS_RESULTS_MISSING");
  expect(existsSync(path.join(folder, "page.md"))).toBe(false);
  const help = await runCommandLine(["training-report", "--help"], { cwd: folder });
  expect(help.stdout).toContain("nas-harness training-report --results reference --output docs/");
});
