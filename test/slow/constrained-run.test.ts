import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { costAt, openCostTable } from "../../core/costs/cost-table.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { constrainedProtocol, FIVE_MS } from "../helpers/constrained-protocol.ts";
import { phoneLatency, writeGeneratedCosts } from "../helpers/generated-costs.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { hasPython } from "../helpers/python-client.ts";
import { hasSharedData, needsSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

/** Proposes any cell, whatever the constraints are. */
const IGNORANT = `import { defineAlgorithm, propose } from "nas-harness";

export default defineAlgorithm({
  search: function* ({ space, random, budget, maxEpochs }) {
    while (budget.affords(maxEpochs)) yield propose(random.integer(space.size), maxEpochs);
  },
});
`;
const PYTHON = path.join(REPOSITORY, "clients/python/examples/regularized-evolution");

describe("run under a protocol with constraints", () => {
  const cwd = sharedTemporaryFolder();
  const env = { NAS_HARNESS_TABLES: path.join(cwd, "tables") };
  const table = ["--table", inject("generatedTable"), "--jobs", "2"];
  const nas = (...words: string[]) => runCommandLine(words, { cwd, env });
  const records = (output: string, method: string) => readRecords(path.join(cwd, output, "constrained", method));

  beforeAll(() => {
    writeGeneratedCosts(path.join(cwd, "tables/generated-costs"));
    writeFileSync(path.join(cwd, "constrained.json"), JSON.stringify(constrainedProtocol([FIVE_MS], { runs: 3 })));
    writePlugin(path.join(cwd, "ignorant"), algorithmManifest({ name: "ignorant" }), IGNORANT);
  });

  test("rs, rea and a method in Python evaluate only what is allowed, and records and summary say so", async () => {
    const methods = ["rs", "rea", ...(hasPython ? [PYTHON] : [])];
    const { exitCode, stderr, stdout } = await nas("run", ...methods, "-p", "constrained.json", ...table);
    expect(stderr).toMatch(
      /is constrained: phone-latency \(cifar10\) at most 5 ms, by generated-costs 1\.0\.0; \d+ of 15625/,
    );
    expect(stdout).toContain("constrained: phone-latency (cifar10) at most 5 ms, by generated-costs 1.0.0");
    expect(exitCode).toBe(0);
    for (const method of ["rs", "rea", ...(hasPython ? ["python-regularized-evolution"] : [])]) {
      const all = records("results", method);
      expect(all).toHaveLength(3);
      const latencies = all.flatMap(({ trace }) => trace.map(([architecture]) => phoneLatency(architecture as number)));
      expect(Math.max(...latencies)).toBeLessThanOrEqual(5);
      expect(all[0]?.constraints).toMatchObject([
        { costs: { id: "generated-costs", version: "1.0.0" }, atMost: 5, unit: "ms" },
      ]);
    }
  });

  test("shards merge to the same bytes; other costs are no resumption; the leaderboard names the constraint", async () => {
    for (const shard of ["1/2", "2/2"])
      await nas("run", "rs", "-p", "constrained.json", ...table, "--shard", shard, "-o", `shard-${shard[0]}`);
    const { exitCode } = await nas("merge", "shard-1", "shard-2", "--table", inject("generatedTable"), "-o", "merged");
    expect(exitCode).toBe(0);
    const bytes = (output: string) => readFileSync(path.join(cwd, output, "constrained/rs/records.jsonl"), "utf8");
    expect(bytes("merged")).toBe(bytes("results"));
    const board = await nas("leaderboard", "--results", "results", "-o", "site");
    expect(board.exitCode).toBe(0);
    expect(readFileSync(path.join(cwd, "site/leaderboard.md"), "utf8")).toMatch(/Constrained: phone-latency/);
    writeGeneratedCosts(path.join(cwd, "other/generated-costs"), { version: "1.0.1" });
    const other = { NAS_HARNESS_TABLES: path.join(cwd, "other") };
    const words = ["run", "rs", "-p", "constrained.json", ...table, "--resume"];
    const resumed = await runCommandLine(words, { cwd, env: other });
    expect(resumed.exitCode).toBe(2);
    expect(resumed.stderr).toMatch(/NAS_RESUME_MISMATCH[\s\S]*- costs: stored .*1\.0\.0.*now .*1\.0\.1/);
  });

  test("a method that ignores them ends with exit code 3, value and limit; one that trains is refused", async () => {
    const ignorant = await nas(
      "run",
      "./ignorant",
      "-p",
      "constrained.json",
      ...table,
      "-n",
      "2",
      "-o",
      "ignorant-results",
    );
    expect(ignorant.exitCode).toBe(3);
    expect(ignorant.stderr).toMatch(
      /NAS_CONSTRAINT_VIOLATED: ignorant: 2 runs failed[\s\S]*must be at most 5 ms, it is [\d.]+ ms/,
    );
    const trains = await nas("run", "enas", "-p", "constrained.json", ...table, "-n", "1", "-o", "trains");
    expect(trains.exitCode).toBe(2);
    expect(trains.stderr).toMatch(/NAS_PLUGIN_CAPABILITY: enas can't run under protocol constrained/);
    const words = ["run", "rs", "-p", path.join(cwd, "constrained.json"), ...table];
    const without = await runCommandLine(words, { cwd: temporaryFolder(), env: { NAS_HARNESS_TABLES: undefined } });
    expect(without.exitCode).toBe(4);
    expect(without.stderr).toMatch(/NAS_TABLE_NOT_FOUND: there is no cost table generated-costs/);
  });

  test("query, list, table info and table check show the cost table", async () => {
    const query = await nas("query", "6111", "--json");
    const value = JSON.parse(query.stdout).costs[0].values[0];
    expect(value).toMatchObject({ name: "phone-latency", dataset: "cifar10", unit: "ms", value: phoneLatency(6111) });
    expect((await nas("query", "6111")).stdout).toMatch(/hardware costs, from generated-costs[\s\S]*phone-latency +ms/);
    expect((await nas("list")).stdout).toMatch(/hardware costs\n +generated-costs/);
    expect((await nas("table", "info", "tables/generated-costs")).stdout).toMatch(/chip-energy +A chip/);
    const check = await nas("table", "check", "tables/generated-costs");
    expect([check.exitCode, check.stdout]).toEqual([0, expect.stringContaining("all 4 checks passed")]);
  });
});

describe.skipIf(!hasSharedData)(needsSharedData("the real costs and the real table"), () => {
  const cwd = sharedTemporaryFolder();
  const nas = (...words: string[]) => runCommandLine(words, { cwd, env: { NAS_HARNESS_TABLES: undefined } });

  test("rs, rea, reinforce and bohb keep to 5 ms on a Raspberry Pi 4", async () => {
    await nas("table", "import", "csv", sharedData("nb201.csv.gz"), "--mapping", "nas-bench-201-extract");
    const costs = await nas(
      "table",
      "import",
      "hw",
      sharedData("nb201_hw_nas_bench.csv.gz"),
      "--mapping",
      "hw-nas-bench",
    );
    expect([costs.exitCode, costs.stdout]).toEqual([0, expect.stringContaining("30 columns")]);
    const limit = { costs: "hw-nas-bench", column: "raspi4-latency", dataset: "cifar10", atMost: 5 };
    writeFileSync(path.join(cwd, "constrained.json"), JSON.stringify(constrainedProtocol([limit], { runs: 2 })));
    const { exitCode, stderr } = await nas("run", "rs", "rea", "reinforce", "bohb", "-p", "constrained.json");
    expect(stderr).toContain("619 of 15625 architectures are allowed");
    expect(exitCode).toBe(0);
    const { card, values } = openCostTable(path.join(cwd, "tables/hw-nas-bench"));
    const column =
      values[card.columns.findIndex(({ name, dataset }) => name === "raspi4-latency" && dataset === "cifar10")];
    for (const method of ["rs", "rea", "reinforce", "bohb"]) {
      const traces = readRecords(path.join(cwd, "results/constrained", method)).flatMap(({ trace }) => trace);
      expect(traces.length).toBeGreaterThan(200);
      expect(Math.max(...traces.map(([index]) => costAt(column!, index as number) ?? 99))).toBeLessThanOrEqual(5);
    }
  });
});
