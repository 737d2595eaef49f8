import { expect, test } from "vitest";
import { shownTraining } from "../../core/submissions/submitted-run.ts";
import { type FirstEpoch, firstEpochFaults } from "../../core/verify/first-epochs.ts";
import type { SubmittedRun, SubmittedTraining } from "../../schemas/generated/submitted-run.ts";
import { exampleRun } from "./example-submission.ts";

const [WEIGHTS, PARAMETERS, OTHER] = ["a".repeat(64), "b".repeat(64), "c".repeat(64)];

/** A run of three epochs, as submitted. */
function submitted(change: (training: SubmittedTraining) => void = () => {}): SubmittedRun {
  const training: SubmittedTraining = {
    costMs: 3100,
    epochs: [
      [6111, 1000],
      [857, 2000],
      [857, 3000],
    ],
    firstEpoch: { weightsSha256: WEIGHTS, parametersSha256: PARAMETERS },
  };
  change(training);
  return { ...exampleRun(), incumbents: [], training };
}

/** Its first epoch, made again. */
function made(outcome: Partial<FirstEpoch["outcome"]> = {}): FirstEpoch {
  return {
    outcome: {
      ...{ trace: [], answers: [], refusedBy: [], failure: null, stoppedAfter: 1 },
      training: { backend: "wasm", imagesSha256: OTHER, costMs: 1000, epochs: [[6111, 1000, WEIGHTS, PARAMETERS]] },
      ...outcome,
    },
    ...{ epochs: 3, cpuSeconds: 2 },
  };
}

test("what came out as it was submitted has no faults", () => {
  expect(firstEpochFaults(submitted(), made())).toEqual([]);
});

test.each<[string, SubmittedRun, RegExp]>([
  [
    "other weights",
    submitted(({ firstEpoch }) => Object.assign(firstEpoch as object, { weightsSha256: OTHER })),
    /^run shapes\/0: after its first epoch the weights have the hash aaaaaaaaaaaa, submitted was cccccccccccc$/,
  ],
  [
    "other parameters",
    submitted(({ firstEpoch }) => Object.assign(firstEpoch as object, { parametersSha256: OTHER })),
    /the architecture parameters have the hash bbbbbbbbbbbb, submitted was cccccccccccc$/,
  ],
  [
    "another architecture",
    submitted(({ epochs }) => epochs.splice(0, 1, [6112, 1000])),
    /architecture and simulated ms after its first epoch are \[6111,1000\], submitted were \[6112,1000\]$/,
  ],
  ["another cost", submitted(({ epochs }) => epochs.splice(0, 1, [6111, 999])), /submitted were \[6111,999\]$/],
  ["a shortened trace", submitted(({ epochs }) => epochs.pop()), /: 2 epochs were submitted, the method trains 3$/],
  ["a longer trace", submitted(({ epochs }) => epochs.push([1, 3100])), /: 4 epochs were submitted/],
  [
    "no hashes",
    submitted((training) => delete training.firstEpoch),
    /^run shapes\/0: no hashes of its first epoch are shown$/,
  ],
  ["no training", exampleRun(), /^run shapes\/0: no training is shown$/],
])("%s is the one fault", (_, run, fault) => {
  expect(firstEpochFaults(run, made())).toEqual([expect.stringMatching(fault)]);
});

test("a trace without epochs has every fault that there is, and breaks nothing", () => {
  const run = submitted((training) => {
    training.epochs = [];
    delete training.firstEpoch;
  });
  expect(firstEpochFaults(run, made())).toEqual([
    "run shapes/0: no hashes of its first epoch are shown",
    "run shapes/0: architecture and simulated ms after its first epoch are [6111,1000], submitted were null",
    "run shapes/0: 0 epochs were submitted, the method trains 3",
  ]);
});

test("a first epoch that failed, or did not come out, is told", () => {
  const failure = { code: "NAS_ALGORITHM_THREW", what: "it threw" } as const;
  expect(firstEpochFaults(submitted(), made({ failure }))).toEqual([
    "run shapes/0: it failed in its first epoch: NAS_ALGORITHM_THREW: it threw",
  ]);
  expect(firstEpochFaults(submitted(), undefined)).toEqual(["run shapes/0: its first epoch did not come out"]);
});

test("a submission shows the hashes of the first epoch alone, and none of a run that failed before its end", () => {
  const epochs: [number, number, string, string][] = [
    [1, 10, WEIGHTS, PARAMETERS],
    [2, 20, OTHER, OTHER],
  ];
  expect(shownTraining({ costMs: 21, epochs })).toEqual({
    costMs: 21,
    epochs: [
      [1, 10],
      [2, 20],
    ],
    firstEpoch: { weightsSha256: WEIGHTS, parametersSha256: PARAMETERS },
  });
  expect(shownTraining({ costMs: 3, epochs: [] })).toEqual({ costMs: 3, epochs: [] });
});
