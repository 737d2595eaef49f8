import { describe, expect, test } from "vitest";
import { trialDifferences } from "../../../core/training/build/trial-comparison.ts";
import { SPLITS, type TrialResult } from "../../../core/training/trial.ts";
import { madeUpTrial } from "./built-trials.ts";

const stored = () => madeUpTrial(17, 4).result;

/** The result with one value of a curve replaced. */
function changed(split: (typeof SPLITS)[number], kind: "loss" | "accuracy", epoch: number, value: number): TrialResult {
  const result = stored();
  result.curves[split][kind][epoch - 1] = value;
  return result;
}

describe("differences", () => {
  test("equal trials have none", () => {
    expect(trialDifferences(stored(), stored())).toEqual([]);
  });

  test.each(SPLITS.flatMap((split) => (["loss", "accuracy"] as const).map((kind) => [split, kind] as const)))(
    "a value of %s %s is named with its epoch and both values",
    (split, kind) => {
      const before = stored().curves[split][kind][2];
      const differences = trialDifferences(stored(), changed(split, kind, 3, 12.5));
      expect(differences).toEqual([`${split} ${kind} after epoch 3: stored ${before}, trained again 12.5`]);
    },
  );

  test("the last bit counts", () => {
    const result = stored();
    const bits = new Uint32Array(result.curves.valid.loss.buffer);
    bits[0] = bits[0]! ^ 1;
    expect(trialDifferences(stored(), result)).toHaveLength(1);
  });

  test("0 and -0 differ; a NaN equals any NaN and nothing else", () => {
    expect(trialDifferences(changed("test", "loss", 1, 0), changed("test", "loss", 1, -0))).toHaveLength(1);
    expect(trialDifferences(changed("test", "loss", 1, Number.NaN), changed("test", "loss", 1, 0))).toHaveLength(1);
    const other = changed("test", "loss", 1, Number.NaN);
    new Uint32Array(other.curves.test.loss.buffer)[0] = 0xffc00001;
    expect(trialDifferences(changed("test", "loss", 1, Number.NaN), other)).toEqual([]);
  });

  test("a curve that is missing or shorter is named", () => {
    const missing = {
      ...stored(),
      curves: { ...stored().curves, valid: { loss: new Float32Array(), accuracy: new Float32Array(3) } },
    };
    const [loss, accuracy] = trialDifferences(missing, changed("valid", "accuracy", 1, 0));
    expect(loss).toMatch(/^valid loss after epoch 1: stored nothing, trained again /);
    expect(accuracy).toMatch(/^valid accuracy after epoch 2: stored 0, /);
  });

  test("other weights are named, after all curves that differ", () => {
    const result = { ...changed("train", "loss", 1, 9), weightsSha256: "0123" };
    expect(trialDifferences(stored(), result)).toEqual([
      expect.stringMatching(/^train loss/),
      `weights: stored ${stored().weightsSha256}, trained again 0123`,
    ]);
  });
});
