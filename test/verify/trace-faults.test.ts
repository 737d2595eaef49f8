import { beforeAll, describe, expect, inject, test } from "vitest";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { buildEvaluationTable, type EvaluationTable } from "../../core/runner/evaluation-table.ts";
import { executeRun } from "../../core/runner/run.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { traceFaults } from "../../core/verify/trace-faults.ts";
import type { Budget, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { runInputs, withBudget } from "../helpers/run-inputs.ts";

const folder = inject("generatedTable");
const protocol = withBudget(loadProtocol("nas-bench-201"), { kind: "evaluations", limit: 4, crossing: "reject" });
const search = protocol.searches[0] as ProtocolSearch;
const RUN = "run cifar10/0";

let trace: RunRecord["trace"];
let table: EvaluationTable;

beforeAll(async () => {
  const inputs = runInputs(folder, protocol, "rs");
  trace = executeRun(await loadAlgorithm(locateAlgorithm("rs")), inputs).trace as RunRecord["trace"];
  table = buildEvaluationTable(openSearchView(folder), search);
});

function faultsOf(entries: RunRecord["trace"], budget: Budget = search.budget): string[] {
  const record = { search: search.id, runIndex: 0, trace: entries } as unknown as RunRecord;
  return traceFaults(record, { ...search, budget }, table);
}

/** The trace with one number of its second entry replaced. */
function changed(field: number, value: number | null): RunRecord["trace"] {
  const entries = structuredClone(trace);
  (entries[1] as (number | null)[])[field] = value;
  return entries;
}

test("what the runner made has no faults", () => {
  expect(trace).toHaveLength(4);
  expect(search.id).toBe("cifar10");
  expect(faultsOf(trace)).toEqual([]);
  expect(faultsOf([])).toEqual([]);
});

describe("one changed number is found", () => {
  const values = `${RUN}, evaluation 2: the values are not those of cifar10-valid, valid`;
  test.each<[string, number, number | null, string]>([
    ["an architecture that there is not", 0, 15625, `${RUN}, evaluation 2: 15625 is no architecture`],
    ["a negative one", 0, -1, `${RUN}, evaluation 2: -1 is no architecture`],
    ["another architecture", 0, 0, values],
    ["epochs that are not offered", 1, 11, `${RUN}, evaluation 2: 11 epochs are not offered`],
    ["a trial that there is not", 2, 112, values],
    ["no trial", 2, null, values],
    ["an accuracy", 3, 999_999, values],
    ["a cost", 4, 1, values],
  ])("%s", (_, field, value, fault) => {
    expect(faultsOf(changed(field, value))).toEqual([fault]);
  });
});

describe("the budget", () => {
  const spent = () => trace.reduce((sum, [, , , , costMs]) => sum + costMs, 0);
  const simulated = (limit: number, crossing: Budget["crossing"]): Budget => ({
    kind: "simulated-ms",
    limit,
    crossing,
  });

  test("may be spent exactly, in each of its kinds", () => {
    expect(faultsOf(trace, simulated(spent(), "reject"))).toEqual([]);
    expect(faultsOf(trace, { kind: "epochs", limit: 48, crossing: "reject" })).toEqual([]);
    expect(faultsOf(trace, { kind: "evaluations", limit: 4, crossing: "reject" })).toEqual([]);
  });

  test("may not be crossed", () => {
    expect(faultsOf(trace, simulated(spent() - 1, "reject"))).toEqual([
      `${RUN}, evaluation 4: ${spent()} of ${spent() - 1} simulated-ms were spent`,
    ]);
    expect(faultsOf(trace, { kind: "epochs", limit: 47, crossing: "reject" })).toEqual([
      `${RUN}, evaluation 4: 48 of 47 epochs were spent`,
    ]);
    expect(faultsOf(trace, { kind: "evaluations", limit: 3, crossing: "reject" })).toEqual([
      `${RUN}, evaluation 4: nothing of the budget was left`,
    ]);
  });

  test("may be crossed by the last evaluation where the protocol interpolates, and by no other", () => {
    expect(faultsOf(trace, simulated(spent() - 1, "keep-and-interpolate"))).toEqual([]);
    const first = (trace[0] as RunRecord["trace"][number])[4];
    expect(faultsOf(trace, simulated(first - 1, "keep-and-interpolate"))).toEqual([
      `${RUN}, evaluation 1: ${first} of ${first - 1} simulated-ms were spent`,
    ]);
    expect(faultsOf(trace, simulated(first, "keep-and-interpolate"))).toEqual([
      `${RUN}, evaluation 2: nothing of the budget was left`,
    ]);
  });
});
