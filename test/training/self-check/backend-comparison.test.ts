import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { ARCHITECTURE_COUNT } from "../../../core/space/operations.ts";
import { networkMacs } from "../../../core/training/network-macs.ts";
import {
  type Course,
  differencesOf,
  partsOutOfTolerance,
  TOLERANCES,
} from "../../../core/training/self-check/backend-comparison.ts";
import { failedCheck } from "../../../core/training/self-check/check.ts";
import { medianCell } from "../../../core/training/self-check/training-speed.ts";
import { trainedEdges } from "../../../core/training/trial.ts";

const course = (loss: number, gradient: number, weight: number): Course => ({
  loss: [[2, loss]],
  gradients: [Float32Array.of(0.5), Float32Array.of(gradient, 1)],
  weights: [Float32Array.of(weight)],
});

describe("differences between courses", () => {
  const expected = [course(1, 2, 3), course(1, 2, 3)];

  test("are the largest of any cell, by part and whatever their sign", () => {
    const differences = differencesOf([course(1.25, 2, 3), course(1.125, 1.5, 2.75)], expected);
    expect(differences).toEqual({ loss: 0.25, gradients: 0.5, weights: 0.25 });
    expect(partsOutOfTolerance(differences)).toEqual(["loss", "gradients", "weights"]);
  });

  test("are within tolerance up to the tolerance itself", () => {
    expect(partsOutOfTolerance(differencesOf(expected, expected))).toEqual([]);
    expect(partsOutOfTolerance(TOLERANCES)).toEqual([]);
    expect(partsOutOfTolerance({ ...TOLERANCES, weights: 1.1e-5 })).toEqual(["weights"]);
  });

  test("that are no numbers, or of values that are not there, are out of tolerance", () => {
    const broken = differencesOf([course(Number.NaN, 2, 3), course(1, 2, 3)], expected);
    expect(broken).toEqual({ loss: Number.NaN, gradients: 0, weights: 0 });
    expect(partsOutOfTolerance(broken)).toEqual(["loss"]);
    const short = { ...course(1, 2, 3), gradients: [Float32Array.of(0.5), Float32Array.of(2)], weights: [] };
    expect(partsOutOfTolerance(differencesOf([short], [course(1, 2, 3)]))).toEqual(["gradients", "weights"]);
  });
});

test("the median cell has as many cheaper as dearer ones", () => {
  const shape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
  const macs = (architecture: number) => networkMacs(shape, trainedEdges(architecture));
  const own = macs(medianCell(shape));
  const all = Array.from({ length: ARCHITECTURE_COUNT }, (_, at) => macs(at));
  expect(all.filter((other) => other < own).length).toBeLessThan(ARCHITECTURE_COUNT / 2);
  expect(all.filter((other) => other > own).length).toBeLessThan(ARCHITECTURE_COUNT / 2);
});

describe("a check that failed", () => {
  test("says code, reason and place in one line, and what to do", () => {
    const error = new HarnessError("NAS_IMAGES", { what: "damaged", where: "a file\n  byte 4", next: "get it again" });
    expect(failedCheck("dataset x", true, error)).toEqual({
      name: "dataset x",
      status: "failed",
      needed: true,
      says: "NAS_IMAGES: damaged (a file byte 4)",
      next: "get it again",
      facts: { code: "NAS_IMAGES", where: "a file\n  byte 4" },
    });
  });

  test("by anything else that was thrown is shown too", () => {
    const { says, needed } = failedCheck("speed", false, new TypeError("x is undefined"));
    expect(says).toBe("NAS_INTERNAL: x is undefined");
    expect(needed).toBe(false);
  });
});
