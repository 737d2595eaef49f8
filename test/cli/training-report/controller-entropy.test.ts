import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  controllerEntropy,
  readEpochLog,
  UNIFORM_ENTROPY,
} from "../../../core/cli/training-report/controller-entropy.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { trainedMethod } from "./made-up-report.ts";

const ENAS = trainedMethod("enas", [
  { test: 80, cells: [7, 8] },
  { test: 81, cells: [7, 9] },
]);

const line = (runIndex: number, epoch: number, architecture: number, entropy: number, change: object = {}) => ({
  ...{ method: "enas", search: "s", runIndex, epoch, architecture, spentMs: epoch * 1000, entropy },
  ...change,
});

function entropyOf(lines: readonly object[], end = "") {
  const file = path.join(temporaryFolder(), "epochs.jsonl");
  writeFileSync(file, lines.map((own) => `${JSON.stringify(own)}\n`).join("") + end);
  return controllerEntropy(ENAS, "s", readEpochLog(file));
}

const WHOLE = [line(0, 1, 7, 9), line(0, 2, 8, 3), line(1, 1, 7, 7), line(1, 2, 9, 1)];

test("is the mean over runs, epoch by epoch; a torn line is passed over", () => {
  expect(entropyOf(WHOLE, '{"method":"en')).toEqual({ runs: 2, means: [8, 2] });
  expect(UNIFORM_ENTROPY).toBeCloseTo(9.6566, 4);
});

test("of an epoch that is logged twice the last line counts", () => {
  expect(entropyOf([line(0, 1, 7, 100), ...WHOLE])).toEqual({ runs: 2, means: [8, 2] });
});

test("runs without every epoch are left out; other methods, searches and runs don't count", () => {
  expect(entropyOf(WHOLE.slice(0, 3))).toEqual({ runs: 1, means: [9, 3] });
  expect(entropyOf(WHOLE.map((own) => ({ ...own, method: "other" })))).toBeNull();
  expect(entropyOf(WHOLE.map((own) => ({ ...own, search: "other" })))).toBeNull();
  expect(entropyOf(WHOLE.map((own) => ({ ...own, architecture: 1 })))).toBeNull();
  expect(entropyOf(WHOLE.map((own) => ({ ...own, spentMs: 1 })))).toBeNull();
  expect(entropyOf(WHOLE.map((own) => ({ ...own, entropy: null })))).toBeNull();
});

test("a log that is not there is an error", () => {
  expect(harnessErrorOf(() => readEpochLog(path.join(temporaryFolder(), "none.jsonl"))).code).toBe(
    "NAS_FILE_NOT_FOUND",
  );
});
