import { expect, test } from "vitest";
import { trainingFaults } from "../../core/verify/trace-check.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { exampleRun } from "./example-submission.ts";

const run = (changes: Partial<SubmittedRun> = {}): SubmittedRun => ({
  ...exampleRun(),
  incumbents: [],
  training: {
    costMs: 2300,
    epochs: [
      [1, 1000],
      [2, 2300],
    ],
  },
  ...changes,
});

test("a training within its budget has no faults; a method that spends nothing in an epoch has none", () => {
  expect(trainingFaults(run(), { trainingBudget: null })).toEqual([]);
  expect(trainingFaults(run(), { trainingBudget: 2300 })).toEqual([]);
  expect(trainingFaults(run({ answers: [], failure: "NAS_ALGORITHM_THREW" }), { trainingBudget: null })).toEqual([]);
});

test.each<[string, SubmittedRun, RegExp]>([
  [
    "that cost too much",
    run({ training: { costMs: 2301, epochs: [] } }),
    /trained for 2301 ms, the protocol allows 2300/,
  ],
  [
    "whose clock runs backwards",
    run({
      training: {
        costMs: 2300,
        epochs: [
          [1, 2000],
          [2, 1999],
        ],
      },
    }),
    /epochs that cost less than nothing/,
  ],
  ["that ended before its last epoch", run({ training: { costMs: 9, epochs: [[1, 10]] } }), /less than nothing/],
  ["that shows evaluations", run({ incumbents: [[1, 1000, 1, 900_000]] }), /shows evaluations/],
  ["whose answer counts twice", run({ answers: [{ architecture: 5, weight: 2 }] }), /one answer of weight 1/],
  ["without an answer", run({ answers: [] }), /one answer of weight 1/],
])("a training %s has one fault", (_, faulty, fault) => {
  expect(trainingFaults(faulty, { trainingBudget: 2300 })).toEqual([expect.stringMatching(fault)]);
});
