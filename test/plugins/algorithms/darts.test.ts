import { expect, test } from "vitest";
import type { ImageBatch, Supernet, WeightStep } from "../../../core/public-entry.ts";
import { softmax } from "../../../core/training/search/softmax.ts";
import { unrolledGradient } from "../../../plugins/algorithms/darts-v1/unrolled-gradient.ts";

/*
 * A small problem whose second derivatives are known: w has one value for each of four weights, the mixture m scales them.
 * loss_B(w, m) = 1/2 sum_i (w_i s_i(m) - t_B,i)^2 + 1/8 sum_i w_i^4 with s_i(m) = sum_o c_i,o m_o over the first edge's
 * five operations.
 */
const WEIGHTS = 4;
const EDGES_X_OPERATIONS = 30;
const coefficient = (i: number, o: number) => 0.3 + 0.17 * ((3 * i + 2 * o) % 5);
const TARGETS = { train: [0.5, -0.3, 0.8, 0.1], valid: [-0.2, 0.6, 0.4, -0.7] } as const;
type Part = keyof typeof TARGETS;

const scaleOf = (mixture: ArrayLike<number>, i: number) =>
  [0, 1, 2, 3, 4].reduce((sum, o) => sum + coefficient(i, o) * (mixture[o] as number), 0);

function slopes(part: Part, weights: ArrayLike<number>, mixture: ArrayLike<number>) {
  const byWeights = new Float32Array(WEIGHTS);
  const byMixture = new Float32Array(EDGES_X_OPERATIONS);
  for (let i = 0; i < WEIGHTS; i++) {
    const [w, s] = [weights[i] as number, scaleOf(mixture, i)];
    const residual = w * s - (TARGETS[part][i] as number);
    byWeights[i] = residual * s + 0.5 * w * w * w;
    for (let o = 0; o < 5; o++) byMixture[o] = (byMixture[o] as number) + residual * w * coefficient(i, o);
  }
  return { byWeights, byMixture };
}

function batch(part: Part): ImageBatch {
  return { pixels: new Float32Array(0), labels: Int32Array.of(part === "train" ? 0 : 1), shape: [1, 1, 1, 1] };
}

const INITIAL = Float32Array.from([0.9, -0.4, 0.3, 0.7]);
const MOMENTA = Float32Array.from([0.05, -0.1, 0.2, 0]);

function quadraticSupernet(): Supernet {
  let weights = INITIAL.slice();
  return {
    weightCount: WEIGHTS,
    step: () => ({ loss: 0, accuracy: 0 }),
    evaluate: () => ({ loss: 0, accuracy: 0 }),
    weights: () => weights.slice(),
    setWeights: (values) => {
      weights = values.slice();
    },
    momenta: () => MOMENTA.slice(),
    gradients: (mode, { labels }, request) => {
      if (mode.kind !== "mixture") throw new Error("a mixture is expected");
      const { byWeights, byMixture } = slopes(labels[0] === 0 ? "train" : "valid", weights, mode.weights);
      return { loss: 0, accuracy: 0, edgeWeights: byMixture, weights: request.weights ? byWeights : null };
    },
  };
}

test("the second-order gradient's finite difference agrees with the analytic term", () => {
  const step: WeightStep = { learningRate: 0.2, momentum: 0.9, weightDecay: 0.01, clipNorm: null };
  const alphas = Float64Array.from({ length: EDGES_X_OPERATIONS }, (_, at) => ((at * 7) % 11) / 10 - 0.5);
  const mixture = softmax(alphas, 5);
  const supernet = quadraticSupernet();
  const { gradient } = unrolledGradient({
    ...{ supernet, mixture, operations: 5, step, perturbation: 0.01 },
    ...{ trainBatch: batch("train"), validBatch: batch("valid") },
  });
  expect(supernet.weights()).toEqual(INITIAL);

  // w' = w - lr (momentum x buffer + dL_train/dw + decay x w)
  const trained = slopes("train", INITIAL, mixture).byWeights;
  const unrolled = INITIAL.map(
    (w, i) => w - step.learningRate * (0.9 * (MOMENTA[i] as number) + (trained[i] as number) + 0.01 * w),
  );
  const valid = slopes("valid", unrolled, mixture);
  // d2 L_train / (dm_o dw_i) = c_i,o (2 w_i s_i - t_i), times dL_valid/dw'_i.
  const byMixture = Array.from(valid.byMixture, (direct, o) => {
    if (o >= 5) return direct;
    let mixed = 0;
    for (let i = 0; i < WEIGHTS; i++) {
      const [w, s] = [INITIAL[i] as number, scaleOf(mixture, i)];
      mixed += coefficient(i, o) * (2 * w * s - (TARGETS.train[i] as number)) * (valid.byWeights[i] as number);
    }
    return direct - step.learningRate * mixed;
  });
  const mean = byMixture.slice(0, 5).reduce((sum, slope, o) => sum + slope * (mixture[o] as number), 0);
  for (let o = 0; o < 5; o++) {
    const analytic = (mixture[o] as number) * ((byMixture[o] as number) - mean);
    expect(Math.abs((gradient[o] as number) - analytic)).toBeLessThan(1e-3 * Math.max(0.05, Math.abs(analytic)));
  }
  // The indirect term is no rounding error here: without it the gradient is another one.
  const directMean = [0, 1, 2, 3, 4].reduce(
    (sum, o) => sum + (valid.byMixture[o] as number) * (mixture[o] as number),
    0,
  );
  const direct = [0, 1, 2, 3, 4].map((o) => (mixture[o] as number) * ((valid.byMixture[o] as number) - directMean));
  expect(Math.max(...direct.map((slope, o) => Math.abs(slope - (gradient[o] as number))))).toBeGreaterThan(1e-3);
});
