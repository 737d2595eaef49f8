import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createProgram } from "../../core/cli/program.ts";
import { publishedRow } from "../../core/cli/query-row.ts";
import { subjectOf } from "../../core/conformance/conformance.ts";
import { outcomesInGuest } from "../../core/conformance/guest-outcomes.ts";
import { madeUpRun, type TestBenchmark } from "../../core/conformance/made-up-benchmark.ts";
import { readMapping } from "../../core/importers/csv-mapping.ts";
import { importCsvTable } from "../../core/importers/csv-table.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { buildEvaluationTable } from "../../core/runner/evaluation-table.ts";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { openTestView } from "../../core/tables/test-view.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { blocksOf, commandFaults, readGuide, writeGuideFiles } from "../helpers/guide.ts";
import { STAND_IN, THREE_TRACES } from "../helpers/nats-bench-stand-in.ts";
import { runProcess } from "../helpers/process.ts";
import { askPython, hasPython, needsPython } from "../helpers/python-client.ts";
import { accuracyOf, BUDGET_SECONDS, secondsOf } from "../helpers/scripted-values.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

const guide = readGuide("docs/guides/porting-from-nats-bench.md");
const folder = sharedTemporaryFolder();
writeGuideFiles(guide, folder);
const PYTHON_PORT = path.join(folder, "local-search");
const TYPESCRIPT_PORT = path.join(folder, "local-search-ts");

describe("the guide's text", () => {
  test.each([...guide.commands, ...guide.mentions].map((command) => [command.words.join(" "), command] as const))(
    "%s: --help knows it",
    (_, command) => {
      expect(commandFaults(command)).toEqual([]);
    },
  );

  test("names folders and files that are there", () => {
    const links = [...guide.text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(existsSync(path.join(REPOSITORY, "docs/guides", link)), link).toBe(true);
  });

  test("names imports that there are", () => {
    const table = createProgram().program.commands.find((command) => command.name() === "table");
    const formats = table?.commands.find((command) => command.name() === "import")?.commands ?? [];
    const named = [...guide.text.matchAll(/table import ([a-z0-9-]+)/g)].map(([, name]) => name as string);
    expect(new Set(named)).toEqual(new Set(["nats-bench", "csv"]));
    expect(formats.map((command) => command.name())).toEqual(expect.arrayContaining(named));
  });

  const extract = path.join(REPOSITORY, "tables/nas-bench-201-extract");
  const hasExtract = existsSync(extract);
  test.skipIf(!hasExtract)(
    hasExtract
      ? "shows the row of cell 11472"
      : "shows the row of cell 11472 (needs the table of npm run start:nas-bench-201, not found)",
    () => {
      const { columns } = publishedRow(11_472, extract);
      expect(guide.text).toContain(`${columns.map(([name]) => name).join(" ")}\n`);
      expect(guide.text).toContain(`\n${columns.map(([, accuracy]) => accuracy).join(" ")}\n`);
    },
  );
});

/** A run of the TypeScript port on the same draws, rewards and costs as the script's; the crossing evaluation is kept. */
async function typescriptTrace(draws: readonly number[]): Promise<number[]> {
  // In a process of its own: a test runner resolves a plugin's imports in its own way.
  const script = path.join(REPOSITORY, "test/helpers/scripted-port.ts");
  const given = JSON.stringify({ folder: TYPESCRIPT_PORT, draws });
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, [script, given]);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.skipIf(!hasPython)(needsPython("the search before and after"), () => {
  test("proposes the same cells on the same draws, as a script, in Python and in TypeScript", async () => {
    // A linear congruential generator; its upper bits.
    let state = 1;
    const draws = Array.from({ length: 400 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor(state / 256);
    });
    const python = await askPython(THREE_TRACES, {
      draws,
      seconds: Array.from({ length: 50 }, (_, rest) => secondsOf(rest)),
      budget: BUDGET_SECONDS,
      port: path.join(PYTHON_PORT, "search.py"),
      script: path.join(folder, "local_search_nats.py"),
    });
    const trace = await typescriptTrace(draws);
    expect(trace.length).toBeGreaterThan(80);
    expect(python.port).toEqual(trace);
    expect(python.script).toEqual(trace);
    const best = Math.max(...trace.map(accuracyOf));
    expect(python.best).toBe(trace.find((architecture) => accuracyOf(architecture) === best));
    // It moves and begins again, so that both branches are compared.
    const isStep = (at: number) => SPACE.neighboursOf(trace[at] as number).includes(trace[at - 1] as number);
    const steps = trace.slice(1).filter((_, at) => isStep(at + 1)).length;
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(trace.length - 1);
  });
});

/** What `nas-harness check` tries, in two processes instead of eighteen. */
const BENCHMARKS: readonly TestBenchmark[] = [
  { accuracy: accuracyOf, budget: { kind: "evaluations", limit: 60 } },
  { accuracy: accuracyOf, budget: { kind: "evaluations", limit: 60 } },
  { accuracy: accuracyOf, budget: { kind: "evaluations", limit: 1 } },
  { accuracy: accuracyOf, budget: { kind: "epochs", limit: 30 } },
  { accuracy: accuracyOf, budget: { kind: "simulated-ms", limit: 500_500 } },
  { accuracy: accuracyOf, fidelities: [1, 4, 12], budget: { kind: "epochs", limit: 300 } },
  { accuracy: accuracyOf, fidelities: [9] },
  { accuracy: () => 0 },
  { accuracy: (architecture) => (architecture % 2 === 0 ? 10 : 90) },
];

describe.each([
  ["TypeScript", TYPESCRIPT_PORT, true],
  ["Python", PYTHON_PORT, hasPython],
] as const)("the port in %s", (language, port, canRun) => {
  test.skipIf(!canRun)(
    canRun
      ? "keeps the contract on made-up benchmarks, alike in two processes"
      : needsPython(`the port in ${language}`),
    async () => {
      const { plugin, settings } = subjectOf(port, "process");
      const runsAgain = BENCHMARKS.map((benchmark, at) => madeUpRun({ ...benchmark, seed: `${at}` }, "port", at));
      const first = await outcomesInGuest(plugin, { ...settings, runtimeSeed: 1 }, runsAgain);
      const second = await outcomesInGuest(plugin, { ...settings, runtimeSeed: 2 }, [...runsAgain].reverse());
      expect(first.map(({ failure }) => failure)).toEqual(BENCHMARKS.map(() => null));
      expect(first[0]?.trace).toHaveLength(60);
      expect(first[0]?.trace).not.toEqual(first[1]?.trace);
      expect([...second].reverse()).toEqual(first);
    },
  );
});

describe.skipIf(!hasPython)(needsPython("run and what the guide reads of its results"), () => {
  const run = guide.commands.find(({ words }) => words.includes("./local-search-ts") && words[1] === "run");
  const env = { NAS_HARNESS_TABLES: inject("generatedTable") };

  beforeAll(async () => {
    const words = (run?.words.slice(1) ?? []).map((word, at, all) => (all[at - 1] === "--runs" ? "2" : word));
    const { exitCode, stdout, stderr } = await runCommandLine([...words, "--jobs", "1"], { cwd: folder, env });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^local-search +2 +2 [\s\S]*^local-search-ts +2 +2 /m);
  });

  test("means.py prints what is in the records", async () => {
    const { stdout, stderr } = await runProcess("python3", ["means.py"], { cwd: folder });
    const records = readRecords(path.join(folder, "trial/nas-bench-201-mean/local-search"));
    expect(records).toHaveLength(2);
    const evaluations = records.reduce((sum, { trace }) => sum + trace.length, 0) / 2;
    const view = openSearchView(inject("generatedTable"));
    const tests = openTestView(view.folder, view.card, "cifar10", "200-epochs");
    const accuracies = records.map(
      ({ answers }) => tests.mean(answers[0]?.architecture as number, "testAccuracy", 200)?.value as number,
    );
    const mean = ((accuracies[0] as number) + (accuracies[1] as number)) / 2;
    const [first, second] = stdout.split("\n");
    expect(stderr).toBe("");
    expect(first).toBe(`${evaluations} evaluations a run`);
    expect(Number.parseFloat(second as string)).toBeCloseTo(mean, 6);
  });
});

test("the protocol file is one, and a table of its values serves it", () => {
  const protocol = loadProtocol(path.join(folder, "cifar100.json"));
  const [search] = protocol.searches;
  const table = buildEvaluationTable(openSearchView(inject("generatedTable")), search!);
  expect([...table.accuracy.keys()]).toEqual([12]);
});

describe.skipIf(!hasPython)(needsPython("the export from nats_bench"), () => {
  test("writes a CSV that the mapping of table-format.md makes a table of", async () => {
    const [script, csv] = [path.join(folder, "export_nats.py"), path.join(folder, "mine.csv")];
    await askPython(
      `${STAND_IN}
import os, runpy
os.chdir(given["folder"])
runpy.run_path(given["script"])
print("null")`,
      { folder, script },
    );
    const [mapping] = blocksOf(readFileSync(path.join(REPOSITORY, "docs/table-format.md"), "utf8")).filter(
      ({ language }) => language === "json",
    );
    const mappingFile = path.join(folder, "mine.json");
    writeFileSync(mappingFile, mapping?.text ?? "");
    const tableFolder = path.join(folder, "tables/mine");
    const card = await importCsvTable(csv, readMapping(mappingFile), mappingFile, tableFolder, false);
    const view = openSearchView(tableFolder);
    const cell = 4321;
    const base = (dataset: number, epochs: number) => 10 + ((cell * 7 + dataset * 100 + epochs) % 8000) / 100;
    const valid = (dataset: string, recipe: string, epoch: number) =>
      view.trials(dataset, recipe).mean(cell, "validAccuracy", epoch)?.value;
    expect(valid("cifar10-valid", "12-epochs", 12)).toBeCloseTo(base(0, 12), 4);
    expect(valid("imagenet16-120", "200-epochs", 200)).toBeCloseTo(base(3, 200), 4);
    const tests = openTestView(tableFolder, card, "cifar10", "200-epochs");
    expect(tests.mean(cell, "testAccuracy", 200)?.value).toBeCloseTo(base(1, 200) + 1, 4);
    expect(view.trials("cifar10-valid", "12-epochs").mean(cell, "trainMs", 1)?.value).toBeCloseTo(14_321, 0);
    const [search] = loadProtocol("nas-bench-201-mean").searches;
    expect(buildEvaluationTable(view, search!).meansFrom).toBe("aggregate");
  });
});
