import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { Adam } from "../../../core/training/search/adam.ts";
import {
  batchesPerEpoch,
  bestOnValidation,
  MeanScore,
  weightStepAt,
} from "../../../core/training/search/search-steps.ts";
import { largestOfEach, softmax, softmaxGradient } from "../../../core/training/search/softmax.ts";
import { Adam as ReinforceAdam } from "../../../plugins/algorithms/reinforce/adam.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";

describe("Adam", () => {
  const gradients = Array.from({ length: 20 }, (_, step) => Float64Array.of(Math.sin(step), 0.3 * step - 2, 0));
  const settings = { learningRate: 0.05, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 } as const;

  test("with its usual settings is REINFORCE's own, bit for bit", () => {
    const [own, other] = [Float64Array.of(1, -2, 0.5), Float64Array.of(1, -2, 0.5)];
    const [adam, reinforce] = [new Adam(own, settings), new ReinforceAdam(other, 0.05)];
    for (const gradient of gradients) {
      adam.step(gradient);
      reinforce.step(gradient);
    }
    expect(own).toEqual(other);
  });

  test("goes on from what was saved", () => {
    const [own, other] = [Float64Array.of(1, -2, 0.5), Float64Array.of(1, -2, 0.5)];
    const adam = new Adam(own, settings);
    const restored = new Adam(other, settings);
    for (const gradient of gradients.slice(0, 10)) adam.step(gradient);
    other.set(own);
    restored.restore(structuredClone(adam.save()));
    for (const gradient of gradients.slice(10)) {
      adam.step(gradient);
      restored.step(gradient);
    }
    expect(other).toEqual(own);
  });

  test("its first step has the length of the learning rate; weight decay pulls towards 0", () => {
    const parameters = Float64Array.of(2, -3);
    new Adam(parameters, { ...settings, weightDecay: 0.1 }).step([0, 0]);
    expect(parameters[0]).toBeCloseTo(2 - 0.05, 6);
    expect(parameters[1]).toBeCloseTo(-3 + 0.05, 6);
  });
});

describe("softmax", () => {
  const logits = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 10, maxLength: 10 });

  test("each group sums to 1, keeps its order and does not see the others", () => {
    fc.assert(
      fc.property(logits, (values) => {
        const shares = softmax(values, 5);
        for (const start of [0, 5]) {
          const own = shares.slice(start, start + 5);
          expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
          expect(softmax(values.slice(start, start + 5), 5)).toEqual(own);
          expect(own[largestOfEach(values, 5)[start / 5] as number]).toBe(Math.max(...own));
        }
      }),
    );
  });

  test("its gradient agrees with central differences", () => {
    const random = new Random(hashOf(["softmax"]));
    const values = Float64Array.from({ length: 10 }, () => random.normal());
    const by = Float64Array.from({ length: 10 }, () => random.normal());
    const value = (own: Float64Array) =>
      softmax(own, 5).reduce((sum, share, at) => sum + share * (by[at] as number), 0);
    const gradient = softmaxGradient(softmax(values, 5), by, 5);
    values.forEach((_, at) => {
      const moved = (step: number) => value(values.map((own, other) => (other === at ? own + step : own)));
      expect(gradient[at]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 8);
    });
  });

  test("the first of equals is the largest", () => {
    expect(largestOfEach([1, 3, 3, 2, 2, 2], 3)).toEqual([1, 0]);
  });
});

describe("steps of a search", () => {
  const settings = { learningRate: 0.1, finalLearningRate: 0.02, momentum: 0.9, weightDecay: 1e-3, clipNorm: null };

  test("the learning rate falls on a half cosine and rises again after it", () => {
    const rate = (epoch: number) => weightStepAt(settings, epoch, 10).learningRate;
    expect(rate(0)).toBeCloseTo(0.1, 12);
    expect(rate(5)).toBeCloseTo(0.06, 12);
    expect(rate(10)).toBeCloseTo(0.02, 12);
    expect(rate(15)).toBeCloseTo(0.06, 12);
    expect(weightStepAt(settings, 3, 10)).toMatchObject({ momentum: 0.9, weightDecay: 1e-3, clipNorm: null });
  });

  test("an epoch has whole batches, of the split's images or a stated number", () => {
    expect(batchesPerEpoch({ count: 100 }, null, 32)).toBe(3);
    expect(batchesPerEpoch({ count: 100 }, 3200, 64)).toBe(50);
    expect(harnessErrorOf(() => batchesPerEpoch({ count: 100 }, null, 101)).code).toBe("NAS_TRAINING_CALL");
  });

  test("the best on validation batches of their own is the first of equals", () => {
    const accuracy = new Map([
      [7, 50],
      [3, 80],
      [9, 80],
    ]);
    let batches = 0;
    const supernet = {
      evaluate: (mode: { readonly architecture?: number }) => ({
        loss: 0,
        accuracy: accuracy.get(mode.architecture as number) as number,
      }),
    };
    const valid = {
      next: () => {
        batches++;
        return null;
      },
    };
    const best = bestOnValidation(supernet as never, valid as never, [7, 3, 9], 32);
    expect(best).toEqual({ architecture: 3, accuracy: 80 });
    expect(batches).toBe(3);
  });

  test("a mean of nothing is no number", () => {
    const mean = new MeanScore();
    expect(mean.loss).toBeNaN();
    mean.add({ loss: 2, accuracy: 50 });
    mean.add({ loss: 4, accuracy: 100 });
    expect([mean.loss, mean.accuracy]).toEqual([3, 75]);
  });
});
