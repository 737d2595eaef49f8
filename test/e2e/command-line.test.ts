import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { builtInMethods } from "../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { runSummary } from "../../schemas/generated/validators.cjs";
import { runCommandLine } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const table = inject("generatedTable");
const withoutTables = () => ({ cwd: temporaryFolder(), env: { NAS_HARNESS_TABLES: undefined } });

describe("help", () => {
  test.each([
    [[]],
    [["run"]],
    [["merge"]],
    [["leaderboard"]],
    [["query"]],
    [["table"]],
    [["table", "import"]],
    [["table", "import", "csv"]],
    [["table", "fetch"]],
    [["table", "import", "hw"]],
    [["table", "info"]],
    [["table", "check"]],
    [["table", "correlate"]],
    [["list"]],
  ])("of %j shows an example and exits 0", async (words) => {
    const { exitCode, stdout } = await runCommandLine([...words, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Example/);
    expect(stdout.split("\n").every((line) => line.length <= 120)).toBe(true);
  });
});

describe("wrong usage exits 2 and says what would be right", () => {
  test.each([
    [["fly"], /unknown command 'fly'/],
    [["run"], /missing required argument 'methods'/],
    [["run", "rs", "--buget", "5"], /unknown option '--buget'/],
    [["run", "rs", "--runs", "0"], /--runs/],
    [["run", "rs", "--runs", "501"], /from 1 to 500/],
    [["run", "rs", "--jobs", "many"], /--jobs/],
    [["run", "rs", "--shard", "3/2"], /i\/N/],
    [["run", "rs", "--resume", "--overwrite"], /cannot be used with/],
    [["run", "rs", "rs"], /given twice/],
    [["run", "rsx"], /NAS_PLUGIN_NOT_FOUND[\s\S]*bohb, bohb-multi-fidelity, darts-v1, [\s\S]*rea, reinforce, rs, rsps/],
    [["run", "./nowhere"], /no such folder/],
    [["run", "rs", "--protocol", "nas-bench"], /NAS_PROTOCOL_NOT_FOUND[\s\S]*nas-bench-201/],
    [["run", "rs", "--protocol", "./nowhere.json"], /no such protocol file/],
    [["query"], /missing required argument/],
    [["query", "15625"], /NAS_ARCHITECTURE_INDEX/],
    [["query", "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~0|none~2|"], /wrong input node "0"/],
    [["merge", "./nowhere"], /NAS_FILE_NOT_FOUND/],
    [["table", "info", "./nowhere"], /nowhere/],
  ])("%j", async (words, message) => {
    const { exitCode, stderr, stdout } = await runCommandLine(words);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe("");
    expect([2, 4]).toContain(exitCode);
    if (!words.includes("info")) expect(exitCode).toBe(2);
  });

  test("with --json the error is the one document on stdout", async () => {
    const { exitCode, stdout } = await runCommandLine(["run", "rsx", "--json"]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "NAS_PLUGIN_NOT_FOUND" } });
  });
});

describe("without a table of NAS-Bench-201", () => {
  test("run makes its runs on the table that comes with the harness", async () => {
    const options = withoutTables();
    const { exitCode, stdout, stderr } = await runCommandLine(["run", "rs", "rea", "--runs", "5"], options);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^method +runs +distinct +evaluations +fashion-mnist-8x8\.valid +fashion-mnist-8x8\.test$/m);
    const records = readFileSync(path.join(options.cwd, "results/fashion-mnist-8x8/rea/records.jsonl"), "utf8");
    expect(records.trimEnd().split("\n")).toHaveLength(5);
  });

  test("run exits 4 and names the import command", async () => {
    const { exitCode, stderr } = await runCommandLine(
      ["run", "rs", "--protocol", "nas-bench-201-mean"],
      withoutTables(),
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain("NAS_TABLE_NOT_FOUND");
    expect(stderr).toContain("nas-harness table import");
  });

  test("leaderboard still shows the published rows", async () => {
    const options = withoutTables();
    const { exitCode, stderr } = await runCommandLine(["leaderboard"], options);
    expect(exitCode, stderr).toBe(0);
    const page = readFileSync(path.join(options.cwd, "site/leaderboard.md"), "utf8");
    for (const method of ["RSPS", "DARTS-V1", "GDAS", "SETN", "ENAS", "REA", "REINFORCE", "BOHB"])
      expect(page).toContain(method);
    expect(page).toContain("93.92");
  });

  test("list shows methods, protocols and the table that comes with the harness", async () => {
    const { exitCode, stdout } = await runCommandLine(["list"], withoutTables());
    expect(exitCode).toBe(0);
    for (const word of [
      "rs",
      "rea",
      "reinforce",
      "bohb",
      "nas-bench-201-mean",
      "nats-bench",
      "fashion-mnist-8x8  1.0.0",
    ]) {
      expect(stdout).toContain(word);
    }
  });
});

describe("run", () => {
  test("prints one summary document that fits its schema, and nothing else, on stdout", async () => {
    const output = temporaryFolder();
    const words = [
      "run",
      "rea",
      "rs",
      "--protocol",
      "nas-bench-201",
      "--runs",
      "6",
      "--table",
      table,
      "--output",
      output,
      "--json",
    ];
    const { exitCode, stdout } = await runCommandLine(words);
    expect(exitCode).toBe(0);
    const summary = JSON.parse(stdout);
    expect(runSummary(summary), JSON.stringify(runSummary.errors)).toBe(true);
    expect(summary.rows.map((row: { method: string }) => row.method)).toEqual(["rea", "rs"]);
    for (const row of summary.rows) {
      expect(row).toMatchObject({ runs: 6, failedRuns: 0, distinctRuns: 6 });
      expect(Object.keys(row.columns)).toEqual([
        "cifar10.valid",
        "cifar10.test",
        "cifar100.valid",
        "cifar100.test",
        "imagenet16-120.valid",
        "imagenet16-120.test",
      ]);
      for (const { mean, low, high } of Object.values<{ mean: number; low: number; high: number }>(row.columns)) {
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
      }
    }
  });

  test("searches on each dataset under nats-bench, with BOHB at epochs 1, 4 and 12", async () => {
    const output = temporaryFolder();
    const words = [
      "run",
      "bohb",
      "--protocol",
      "nats-bench",
      "--runs",
      "3",
      "--table",
      table,
      "--output",
      output,
      "--json",
    ];
    const { exitCode, stdout, stderr } = await runCommandLine(words);
    expect(exitCode, stderr).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary.rows.map((row: { search: string }) => row.search)).toEqual([
      "cifar10",
      "cifar100",
      "imagenet16-120",
    ]);
    const records = readFileSync(path.join(output, "nats-bench/bohb/records.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(9);
    const limits: Record<string, number> = { cifar10: 20e6, cifar100: 40e6, "imagenet16-120": 120e6 };
    for (const { trace, search, answers } of records) {
      expect(new Set(trace.map(([, epochs]: number[]) => epochs))).toEqual(new Set([1, 4, 12]));
      const spent = trace
        .map((entry: number[]) => entry[4] as number)
        .reduce((sum: number, cost: number) => sum + cost, 0);
      const last = trace.at(-1)[4];
      expect(spent).toBeGreaterThanOrEqual(limits[search] as number);
      expect(spent - last).toBeLessThan(limits[search] as number);
      expect(answers.reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0)).toBeCloseTo(1, 9);
    }
  });

  test("takes options and keeps them in the records", async () => {
    const output = temporaryFolder();
    const words = ["run", "rea", "--runs", "2", "--protocol", "nas-bench-201", "--table", table, "--output", output];
    const { exitCode } = await runCommandLine([
      ...words,
      "--option",
      "rea.populationSize=5",
      "--option",
      "rea.mutation=edge-uniform",
    ]);
    expect(exitCode).toBe(0);
    const [first] = readFileSync(path.join(output, "nas-bench-201/rea/records.jsonl"), "utf8").split("\n");
    expect(JSON.parse(first as string).options).toEqual({
      populationSize: 5,
      tournamentSize: 3,
      mutation: "edge-uniform",
    });
  });

  test("with an extension that refuses, records who refused, and the extension tightens but never loosens", async () => {
    const folder = temporaryFolder();
    const extension = path.join(folder, "no-pooling.ts");
    writeFileSync(
      extension,
      `import { defineExtension } from "nas-harness";
       export default defineExtension({ name: "first-hundred", apply(hooks) {
         hooks.tap("proposed", "first-hundred", ({ proposal }) => proposal.architecture < 100 ? undefined : "not among the first hundred");
       } });`,
    );
    const words = [
      "run",
      "rs",
      "--runs",
      "3",
      "--protocol",
      "nas-bench-201",
      "--table",
      table,
      "--extension",
      extension,
    ];
    const { exitCode, stderr } = await runCommandLine([...words, "--output", folder]);
    const lines = readFileSync(path.join(folder, "nas-bench-201/rs/records.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).refusedBy)).toEqual([
      ["first-hundred"],
      ["first-hundred"],
      ["first-hundred"],
    ]);
    expect(exitCode, stderr).toBe(3);
  });

  test("refuses a protocol that its table can't serve, saying what is recorded", async () => {
    const protocol = loadProtocol("nas-bench-201");
    const [search] = protocol.searches;
    const file = path.join(temporaryFolder(), "cifar100.json");
    const changed = { ...search, dataset: "cifar100", recipe: "200-epochs", fidelities: [50], answerEpochs: 50 };
    writeFileSync(file, JSON.stringify({ ...protocol, id: "cifar100", searches: [changed] }));
    const { exitCode, stderr } = await runCommandLine([
      "run",
      "rs",
      "--protocol",
      file,
      "--table",
      table,
      "--output",
      temporaryFolder(),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NAS_NOT_RECORDED: validAccuracy of cifar100/200-epochs at epoch 50 was not recorded");
    expect(stderr).toContain("validAccuracy at 200");
  });

  test("lists every fault of a protocol file", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "broken.json");
    writeFileSync(file, JSON.stringify({ ...loadProtocol("nas-bench-201"), runs: 0, masterSeed: "", budget: 5 }));
    const { exitCode, stderr } = await runCommandLine(["run", "rs", "--protocol", file, "--table", table]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("the document has 3 faults");
    writeFileSync(file, "{ not json");
    expect((await runCommandLine(["run", "rs", "--protocol", file])).stderr).toContain("NAS_JSON");
  });

  test("refuses a folder that another process is writing to", async () => {
    const output = temporaryFolder();
    const words = [
      "run",
      "rs",
      "--runs",
      "400",
      "--protocol",
      "nas-bench-201",
      "--table",
      table,
      "--output",
      output,
      "--jobs",
      "1",
    ];
    const [first, second] = await Promise.all([runCommandLine(words), runCommandLine(words)]);
    const [winner, loser] = first?.exitCode === 0 ? [first, second] : [second, first];
    expect(winner.exitCode).toBe(0);
    expect(loser.exitCode === 4 || loser.exitCode === 2).toBe(true);
    expect(loser.stderr).toMatch(/NAS_OUTPUT_LOCKED|NAS_OUTPUT_EXISTS/);
    expect(
      readFileSync(path.join(output, "nas-bench-201/rs/records.jsonl"), "utf8").trimEnd().split("\n"),
    ).toHaveLength(400);
    expect(existsSync(path.join(output, "nas-bench-201/rs/.lock"))).toBe(false);
  });

  test.each(["a file", "a folder below a file"])("names the problem if the output is %s", async (kind) => {
    const file = path.join(temporaryFolder(), "taken");
    writeFileSync(file, "mine");
    const output = kind === "a file" ? file : path.join(file, "results");
    const { exitCode, stderr } = await runCommandLine([
      "run",
      "rs",
      "--runs",
      "1",
      "--protocol",
      "nas-bench-201",
      "--table",
      table,
      "--output",
      output,
    ]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("NAS_WRITE_FAILED");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});

describe("list", () => {
  test("of a method shows its options, defaults and settings", async () => {
    const { stdout } = await runCommandLine(["list", "bohb"]);
    for (const word of [
      "hpbandsterQuirks",
      "minBandwidth",
      "0.3",
      "under nats-bench",
      "Falkner",
      "number|null",
      "variant bohb-multi-fidelity",
    ])
      expect(stdout).toContain(word);
  });

  test("with --json prints one document", async () => {
    const listing = JSON.parse((await runCommandLine(["list", "--json"])).stdout);
    expect(listing.methods.map(({ name }: { name: string }) => name)).toEqual(builtInMethods());
  });

  test("goes on past a broken table", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "tables/broken"), { recursive: true });
    writeFileSync(path.join(folder, "tables/broken/table.json"), "{");
    const { exitCode, stderr } = await runCommandLine(["list"], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("broken");
  });
});
