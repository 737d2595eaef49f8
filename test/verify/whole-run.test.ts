import { describe, expect, test } from "vitest";
import type { FirstEpoch } from "../../core/verify/first-epochs.ts";
import { drawnRun, expectedSeconds, leftOut } from "../../core/verify/whole-run.ts";
import { exampleRun, exampleSummary } from "./example-submission.ts";

test("which run is made in full depends on the base commit, and any of them may be", () => {
  const bases = Array.from({ length: 60 }, (_, at) => String(at).padStart(40, "0"));
  const drawn = bases.map((base) => drawnRun(base, "my-method", 3));
  expect(new Set(drawn)).toEqual(new Set([0, 1, 2]));
  expect(drawn).toEqual(bases.map((base) => drawnRun(base, "my-method", 3)));
  expect(drawn).not.toEqual(bases.map((base) => drawnRun(base, "your-method", 3)));
  expect(drawnRun("x", "my-method", 1)).toBe(0);
});

describe("whether it is made", () => {
  const summaryOf = (measuredCpuSeconds: number | null) => {
    const summary = exampleSummary();
    return { ...summary, rows: summary.rows.map((row) => ({ ...row, measuredCpuSeconds })) };
  };
  const first = (epochs: number | null, cpuSeconds: number) => ({ epochs, cpuSeconds }) as FirstEpoch;
  const reason = (recorded: number | null, made: FirstEpoch | undefined) =>
    leftOut(exampleRun(), expectedSeconds(exampleRun(), summaryOf(recorded), made));

  test("one expectation below ten minutes suffices: a submission does not escape by what it says of itself", () => {
    expect(reason(599, first(50, 100))).toBeNull();
    expect(reason(1e9, first(50, 11.9))).toBeNull();
    expect(reason(null, first(50, 11.9))).toBeNull();
    expect(reason(10, undefined)).toBeNull();
  });

  test("otherwise it is said which run was drawn, and how long it would last", () => {
    expect(reason(1200, first(50, 24))).toBe(
      "no run was made again in full: run shapes/0, which was drawn, is expected to last longer than 10.0 minutes (20.0 minutes by the submission's own measurement, 20.0 minutes by its first epoch); --every-run makes it",
    );
    expect(reason(null, first(null, 24))).toMatch(/unknown by the submission's own measurement, unknown by its first/);
    expect(reason(600, first(60, 10))).not.toBeNull();
  });
});
