import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  formatSubmittedRun,
  incumbentsOf,
  readSubmittedRuns,
  submittedRunOf,
} from "../../core/submissions/submitted-run.ts";
import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleFailedRun, exampleRun } from "../verify/example-submission.ts";

/** Architecture, epochs, trial, accuracy, cost. */
const TRACE: RunRecord["trace"] = [
  [10, 4, 1, 900_000, 5],
  [11, 12, 1, 500_000, 20],
  [12, 12, 1, 500_000, 20],
  [13, 12, null, 499_999, 20],
  [14, 12, 2, 500_001, 20],
  [15, 1, 2, 1_000_000, 1],
  [14, 12, 3, 1_000_000, 20],
];

describe("incumbents", () => {
  test("are the evaluations at the answers' epochs that were better than all before", () => {
    expect(incumbentsOf(TRACE, { answerEpochs: 12 })).toEqual([
      [2, 25, 11, 500_000],
      [5, 85, 14, 500_001],
      [7, 106, 14, 1_000_000],
    ]);
  });

  test("at any epochs where the protocol says so", () => {
    expect(incumbentsOf(TRACE, { answerEpochs: "any" })).toEqual([
      [1, 5, 10, 900_000],
      [6, 86, 15, 1_000_000],
    ]);
  });

  test("are none without such evaluations, and one of accuracy 0 is one", () => {
    expect(incumbentsOf([], { answerEpochs: "any" })).toEqual([]);
    expect(incumbentsOf(TRACE, { answerEpochs: 200 })).toEqual([]);
    expect(incumbentsOf([[0, 12, 1, 0, 7]], { answerEpochs: 12 })).toEqual([[1, 7, 0, 0]]);
  });
});

describe("a run's line", () => {
  const record = (failure: RunRecord["failure"]) =>
    ({
      ...{ search: "shapes", runIndex: 3, seed: "5".repeat(64), trace: TRACE, failure },
      digest: "d".repeat(64),
      answers: [],
    }) as unknown as RunRecord;
  const search = { answerEpochs: 12 } as ProtocolSearch;

  test("holds what a reader needs and the digest, and of a failure its code", () => {
    const run = submittedRunOf(record(null), search);
    expect(Object.keys(run).sort()).toEqual(["answers", "digest", "incumbents", "runIndex", "search", "seed"]);
    expect(submittedRunOf(record({ code: "NAS_ALGORITHM_THREW", what: "no\nidea" }), search).failure).toBe(
      "NAS_ALGORITHM_THREW",
    );
  });

  test("is read as it was written", () => {
    const folder = temporaryFolder();
    const runs = [exampleRun(), exampleFailedRun()];
    writeFileSync(path.join(folder, "runs.jsonl"), runs.map(formatSubmittedRun).join(""));
    expect(readSubmittedRuns(folder)).toEqual(runs);
    expect(formatSubmittedRun(exampleRun())).toMatch(/^\{"answers":.*\}\n$/);
  });

  test.each<[string, string, string, RegExp]>([
    ["cut", formatSubmittedRun(exampleRun()).trimEnd(), "NAS_SCHEMA", /middle of a line/],
    ["no JSON", `${formatSubmittedRun(exampleRun())}{\n`, "NAS_JSON", /valid JSON/],
    ["no run", `${formatSubmittedRun(exampleRun())}{}\n`, "NAS_SCHEMA", /6 faults/],
    ["empty", `\n${formatSubmittedRun(exampleRun())}`, "NAS_JSON", /valid JSON/],
  ])("that is %s is refused and named", (_, text, code, what) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "runs.jsonl"), text);
    const error = harnessErrorOf(() => readSubmittedRuns(folder));
    expect(error.code).toBe(code);
    expect(error.details.what).toMatch(what);
    expect(error.details.where).toMatch(/runs\.jsonl.*[12]/);
  });
});
