import { expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { protocolSha256 } from "../../core/records/session-inputs.ts";
import { planRuns } from "../../core/runner/plan.ts";
import type { SearchView } from "../../core/tables/search-view.ts";
import { benchmarkFaults, benchmarkNamed, failureFaults, planFaults } from "../../core/verify/submitted-plan.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { exampleFailedRun, exampleRun, exampleSubmission } from "./example-submission.ts";

const protocol = { ...loadProtocol("nats-bench"), runs: 2 };
const submission = { ...exampleSubmission(), runs: 2 };
const SEARCHES = protocol.searches.map(({ id }) => id);

/** The runs of the whole plan. */
function plannedRuns(): SubmittedRun[] {
  return planRuns(protocol, [submission.method.id]).map(({ search, runIndex, seed }) => ({
    ...exampleRun(),
    ...{ search, runIndex, seed },
  }));
}

function faultsOf(change: (runs: SubmittedRun[]) => SubmittedRun[], claimed = 2): string[] {
  return planFaults({ ...submission, runs: claimed }, change(plannedRuns()), protocol);
}

const at = (runs: readonly SubmittedRun[], index: number) => runs[index] as SubmittedRun;

test("the plan's runs in the plan's order have no faults", () => {
  expect(SEARCHES).toHaveLength(3);
  expect(faultsOf((runs) => runs)).toEqual([]);
});

test.each<[string, (runs: SubmittedRun[]) => SubmittedRun[], string[]]>([
  ["missing", (runs) => runs.slice(1), [`run ${SEARCHES[0]}/0 is missing`]],
  ["twice", (runs) => [...runs, at(runs, 0)], [`run ${SEARCHES[0]}/0 is there twice`]],
  ["not planned", (runs) => [...runs, { ...at(runs, 0), runIndex: 2 }], [`run ${SEARCHES[0]}/2 is not planned`]],
  ["of no search", (runs) => [...runs, { ...at(runs, 0), search: "x" }], ["run x/0 is not planned"]],
  [
    "in another order",
    (runs) => [at(runs, 1), at(runs, 0), ...runs.slice(2)],
    ["the runs are not in the plan's order"],
  ],
  [
    "with the seed of another",
    (runs) => [{ ...at(runs, 0), seed: at(runs, 1).seed }, ...runs.slice(1)],
    [`run ${SEARCHES[0]}/0 has a seed that the protocol's master seed does not give it`],
  ],
])("a run that is %s", (_, change, faults) => {
  expect(faultsOf(change)).toEqual(faults);
});

test("seeds are those of the method that was submitted", () => {
  const renamed = { ...submission, method: { ...submission.method, id: "lucky" } };
  expect(planFaults(renamed, plannedRuns(), protocol)).toHaveLength(6);
});

test("another number of runs than the protocol's is a fault, even if all are there", () => {
  expect(faultsOf((runs) => runs, 1)).toEqual(["1 runs of each search are claimed; protocol nats-bench has 2"]);
});

test("failed runs are faults, and so is a wrong number of them", () => {
  const runs = [exampleRun(), exampleFailedRun()];
  expect(failureFaults(submission, [exampleRun()])).toEqual([]);
  expect(failureFaults({ ...submission, failedRuns: 1 }, runs)).toEqual([
    "run shapes/9 failed with NAS_ALGORITHM_THREW",
  ]);
  expect(failureFaults(submission, runs)).toEqual([
    "0 failed runs are claimed, 1 are in the list",
    "run shapes/9 failed with NAS_ALGORITHM_THREW",
  ]);
  expect(failureFaults({ ...submission, failedRuns: 2 }, [])).toEqual(["2 failed runs are claimed, 0 are in the list"]);
});

test("a benchmark is found by its protocol's content, and must bear its name and have its table", () => {
  const benchmark = { protocol, tableFolder: "table" };
  const { table } = submission;
  const view = { card: { ...table } } as unknown as SearchView;
  const named = {
    ...submission,
    protocol: { id: "nats-bench", version: protocol.version, sha256: protocolSha256(protocol) },
  };
  expect(benchmarkNamed(named, [benchmark])).toBe(benchmark);
  expect(benchmarkNamed(submission, [benchmark])).toBeNull();
  expect(benchmarkNamed(named, [])).toBeNull();
  expect(benchmarkFaults(named, benchmark, view)).toEqual([]);
  expect(benchmarkFaults(named, null, null)).toEqual([
    `no protocol that ships here, with its table, is nats-bench ${protocol.version} with content ${named.protocol.sha256.slice(0, 12)}`,
  ]);
  const other = { ...named, protocol: { ...named.protocol, id: "other" }, table: { ...table, version: "9.0.0" } };
  const content = table.searchContentHash.slice(0, 12);
  expect(benchmarkFaults(other, benchmark, view)).toEqual([
    `the protocol's content is that of nats-bench ${protocol.version}, not of other ${protocol.version}`,
    `the table is shapes 9.0.0 with content ${content}; here it is shapes 1.2.0 with content ${content}`,
  ]);
});
