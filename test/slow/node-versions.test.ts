import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { formatRecord } from "../../core/records/record.ts";
import goldenTraining from "../../core/training/self-check/golden-training.json" with { type: "json" };
import { runCommandLine } from "../helpers/command-line.ts";
import { auditEmbedded } from "../helpers/embedded-table.ts";
import { installNode, runtimePlatform } from "../helpers/node-runtime.ts";
import { writePlannedTable } from "../helpers/planned-table.ts";
import { runProcess } from "../helpers/process.ts";
import { METHODS, PROTOCOLS_OF, prepareRuns } from "../helpers/recorded-runs.ts";
import { hasSharedData, needsSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { trainingPrefixes } from "../helpers/training-prefixes.ts";

const RUNS = 5;
// The running version is the one that the others are compared with.
const OTHERS = ["22", "24", "26"].filter((version) => version !== process.versions.node.split(".")[0]);
const TOO_OLD = "20";

const PREFIXES = path.join(import.meta.dirname, "../helpers/training-prefixes.ts");
let ownPrefixes: Promise<Record<string, unknown>> | null = null;
const TRAINING = path.join(import.meta.dirname, "../training/tiny-training.ts");

const folder = sharedTemporaryFolder();
/** By benchmark, the table that serves all its protocols. */
const tables = new Map([
  ["nas-bench-201", inject("generatedTable")],
  ["fashion-mnist-8x8", path.join(folder, "planned")],
]);
const protocols = Object.entries(PROTOCOLS_OF).flatMap(([benchmark, names]) =>
  names.map((protocol) => ({ protocol, table: tables.get(benchmark) as string })),
);
const realTable = path.join(folder, "tables", "nas-bench-201-extract");
const binaries = new Map<string, string>();
const known = new Map<string, Record<string, string>>();

/** The stored records of every method, by method, as a Node.js other than the running one writes them, or this one. */
async function recordsOf(table: string, protocol: string, version: string | null): Promise<Record<string, string>> {
  const output = path.join(folder, `results-${version ?? "own"}`, path.basename(table));
  const place = ["--protocol", protocol, "--table", table, "--output", output];
  const node = version === null ? {} : { node: binaries.get(version) as string };
  const { exitCode, stderr } = await runCommandLine(["run", ...METHODS, "--runs", `${RUNS}`, ...place], node);
  expect(exitCode, stderr).toBe(0);
  const file = (method: string) => path.join(output, protocol, method, "records.jsonl");
  return Object.fromEntries(METHODS.map((method) => [method, readFileSync(file(method), "utf8")]));
}

/** The records that the running Node.js writes; made once for each table and protocol. */
async function ownRecords(table: string, protocol: string): Promise<Record<string, string>> {
  const key = `${table} ${protocol}`;
  const records = known.get(key) ?? (await recordsOf(table, protocol, null));
  known.set(key, records);
  return records;
}

beforeAll(() => {
  writePlannedTable(tables.get("fashion-mnist-8x8") as string);
});

const supported = runtimePlatform !== null;
const title = supported ? "" : ` (no package of Node.js for ${process.platform}-${process.arch} in the npm registry)`;

describe.skipIf(!supported)(`a Node.js other than ${process.version}${title}`, () => {
  beforeAll(async () => {
    for (const version of [...OTHERS, TOO_OLD])
      binaries.set(version, await installNode(folder, version, runtimePlatform ?? "linux-x64"));
    if (!hasSharedData) return;
    const words = ["table", "import", "csv", sharedData("nb201.csv.gz"), "--mapping", "nas-bench-201-extract"];
    const { exitCode, stderr } = await runCommandLine([...words, "--output", realTable]);
    expect(exitCode, stderr).toBe(0);
  });

  describe.each(OTHERS)("version %s", (version) => {
    test("is what was installed", async () => {
      const { stdout } = await runProcess(binaries.get(version) as string, ["--version"]);
      expect(stdout).toMatch(new RegExp(`^v${version}\\.\\d+\\.\\d+\\n$`));
    });

    test("trains the first two epochs of every method that shares weights to the last bit alike", async () => {
      const { exitCode, stdout, stderr } = await runProcess(binaries.get(version) as string, [PREFIXES, "2"]);
      expect(exitCode, stderr).toBe(0);
      ownPrefixes ??= trainingPrefixes(2);
      expect(JSON.parse(stdout)).toEqual(await ownPrefixes);
    });

    test.each(protocols)("stores the same records under $protocol", async ({ protocol, table }) => {
      expect(await recordsOf(table, protocol, version)).toEqual(await ownRecords(table, protocol));
    });

    test.skipIf(!hasSharedData)(needsSharedData("stores the same records on the real table"), async () => {
      const protocol = "nas-bench-201-mean";
      expect(await recordsOf(realTable, protocol, version)).toEqual(await ownRecords(realTable, protocol));
    });

    test("trains 20 random trials of the embedded table to the same bits", async () => {
      await auditEmbedded(20, binaries.get(version) as string);
    });

    test("trains to the golden losses and weights, bit for bit", async () => {
      const { exitCode, stdout, stderr } = await runProcess(binaries.get(version) as string, [TRAINING]);
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual(goldenTraining);
    });
  });

  test(`version ${TOO_OLD} is refused with one clear message`, async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(["run", "rs"], { node: binaries.get(TOO_OLD) as string });
    expect(exitCode).toBe(4);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^NAS_NODE_VERSION: nas-harness needs Node\.js 22\.18 or newer, this is 20\.\d+\.\d+\n/);
    expect(stderr).toContain("  next:");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test("the first two epochs of every method that shares weights are those of its submission", async () => {
  ownPrefixes ??= trainingPrefixes(2);
  for (const [method, epochs] of Object.entries(await ownPrefixes)) {
    const { version } = locateAlgorithm(method).manifest;
    const file = path.join(REPOSITORY, "leaderboard/submissions", method, version, "runs.jsonl");
    const [first = ""] = readFileSync(file, "utf8").split("\n");
    // A submission shows architecture and simulated time of each epoch; the hashes are in its digest.
    const shown = (epochs as [number, number, string, string][]).map(([architecture, ms]) => [architecture, ms]);
    expect(shown, method).toEqual(JSON.parse(first).training.epochs.slice(0, 2));
  }
});

test("runs in one process, without workers, give the records that the command line stores", async () => {
  const runs = (await Promise.all([...tables.values()].map((table) => prepareRuns(table, RUNS)))).flat();
  for (const { protocol, table } of protocols) {
    const stored = await ownRecords(table, protocol);
    for (const method of METHODS) {
      const own = runs.filter((run) => run.protocol === protocol && run.method === method);
      expect(stored[method]).toBe(own.map((run) => `${formatRecord(run.record())}\n`).join(""));
    }
  }
});
