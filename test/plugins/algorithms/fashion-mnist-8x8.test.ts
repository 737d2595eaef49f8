import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { resolveOptions } from "../../../core/plugins/options.ts";
import { locateAlgorithm } from "../../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../../core/protocols/protocol-file.ts";
import { formatRecord } from "../../../core/records/record.ts";
import { buildEvaluationTable, type EvaluationTable } from "../../../core/runner/evaluation-table.ts";
import { openSearchView } from "../../../core/tables/search-view.ts";
import type { ProtocolSearch } from "../../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../../schemas/generated/record.ts";
import { PLANNED, writePlannedTable } from "../../helpers/planned-table.ts";
import { METHODS, prepareRuns } from "../../helpers/recorded-runs.ts";
import { resultFile, runTestSession } from "../../helpers/session.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../../helpers/temporary-folder.ts";

const protocol = loadProtocol(PLANNED);
const search = protocol.searches[0] as ProtocolSearch;
const lastEpoch = Math.max(...search.fidelities);
const folder = path.join(sharedTemporaryFolder(), "planned");
let table: EvaluationTable;

const RUNS = 12;
let records: readonly RunRecord[] = [];
const recordsOf = (method: string) => records.filter((record) => record.method.id === method);
const spentBy = ({ trace }: RunRecord) => trace.reduce((sum, [, , , , costMs]) => sum + costMs, 0);

beforeAll(async () => {
  writePlannedTable(folder);
  table = buildEvaluationTable(openSearchView(folder), search);
  records = (await prepareRuns(folder, RUNS)).map((run) => run.record());
});

test.each(METHODS)("%s finishes every run, within the budget and using it up", (method) => {
  const own = recordsOf(method);
  expect(own).toHaveLength(RUNS);
  const costliest = Math.max(...(table.costMs.get(lastEpoch) ?? []));
  for (const record of own) {
    expect(record.failure).toBeNull();
    expect(spentBy(record)).toBeLessThanOrEqual(search.budget.limit);
    // What is left is less than the proposal that did not fit.
    expect(search.budget.limit - spentBy(record)).toBeLessThan(costliest);
  }
});

test.each(METHODS)("%s draws both trials and answers with its best evaluation at the last epoch", (method) => {
  for (const { trace, answers } of recordsOf(method)) {
    expect(new Set(trace.map(([, , seed]) => seed))).toEqual(new Set([1, 2]));
    const candidates = trace.filter(([, epochs]) => epochs === lastEpoch);
    // Plain BOHB answers from its highest rung, which all its rungs look like here.
    if (method === "bohb") {
      expect(candidates.map(([architecture]) => architecture)).toContain(answers[0]?.architecture);
      continue;
    }
    const best = candidates.reduce((a, b) => (b[3] > a[3] ? b : a));
    expect(answers).toEqual([{ architecture: best[0], weight: 1 }]);
  }
});

test.each(METHODS.filter((method) => method !== "bohb-multi-fidelity"))("%s trains in full only", (method) => {
  for (const { trace } of recordsOf(method))
    expect(new Set(trace.map(([, epochs]) => epochs))).toEqual(new Set([lastEpoch]));
});

test("bohb-multi-fidelity trains on three rungs, from one epoch by threes to all of them", () => {
  const rungs = [lastEpoch / 9, lastEpoch / 3, lastEpoch].map(Math.floor);
  for (const { trace, options } of recordsOf("bohb-multi-fidelity")) {
    expect([...new Set(trace.map(([, epochs]) => epochs))].sort((a, b) => a - b)).toEqual(rungs);
    const inCycles = trace.filter(([, epochs]) => epochs === rungs[0]).length / 9;
    // Three brackets a cycle: the budget ends a run, never the number of brackets.
    expect(3 * Math.ceil(inCycles)).toBeLessThan(options.brackets as number);
  }
});

test.each([1, 2])("store the same records from %d processes as from none besides this one", async (jobs) => {
  const output = temporaryFolder();
  await runTestSession(output, { tableFolder: folder, protocol, methods: METHODS, runs: 3, jobs });
  for (const method of METHODS) {
    const own = recordsOf(method).slice(0, 3);
    const stored = readFileSync(resultFile(output, method, "records.jsonl", protocol.id), "utf8");
    expect(stored).toBe(own.map((record) => `${formatRecord(record)}\n`).join(""));
  }
});

test("random search has about 100 evaluations", () => {
  const evaluations = recordsOf("rs").map(({ trace }) => trace.length);
  const mean = evaluations.reduce((sum, count) => sum + count, 0) / evaluations.length;
  expect(mean).toBeGreaterThan(93);
  expect(mean).toBeLessThan(106);
});

test.each(["rs", "rea", "reinforce", "bohb"])("%s keeps its settings for nas-bench-201", (method) => {
  const { manifest } = locateAlgorithm(method);
  const options = resolveOptions(manifest, loadProtocol("nas-bench-201"));
  expect(resolveOptions(manifest, protocol)).toEqual(options);
  for (const record of recordsOf(method)) expect(record.options).toEqual(options);
});

test("bohb-multi-fidelity differs from bohb in its rungs and its number of brackets", () => {
  const [plain, variant] = ["bohb", "bohb-multi-fidelity"].map((method) => recordsOf(method)[0]?.options ?? {});
  const differing = Object.keys(plain ?? {}).filter((name) => plain?.[name] !== variant?.[name]);
  expect(differing).toEqual(["brackets", "maxBudget", "minBudget", "trainForBudget"]);
});
