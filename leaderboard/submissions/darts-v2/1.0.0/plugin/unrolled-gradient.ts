import { type ImageBatch, type Supernet, type SupernetGradients, softmaxGradient, type WeightStep } from "nas-harness";

/** What the gradient through one step of the weights is computed from. */
export interface UnrolledInputs {
  readonly supernet: Supernet;
  /** Mixture weights: softmax of the architecture parameters, shape [30]. */
  readonly mixture: Float64Array;
  /** Number of operations on an edge. */
  readonly operations: number;
  readonly trainBatch: ImageBatch;
  readonly validBatch: ImageBatch;
  /** The step that the weights would take; its clipping is left out, as in the authors' file. */
  readonly step: WeightStep;
  /** Norm of the finite difference. */
  readonly perturbation: number;
}

/** Euclidean norm. */
function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** `values + scale x direction`. */
function moved(values: Float32Array, scale: number, direction: Float32Array): Float32Array {
  return values.map((value, at) => value + scale * (direction[at] as number));
}

/**
 * The validation loss's gradient by the architecture parameters after one step of the weights, to second order: what depends
 * on the parameters through the weights comes from a finite difference of training gradients (Liu, Simonyan and Yang, 2019,
 * equation 8; AutoDL-Projects, `exps/NAS-Bench-201-algos/DARTS-V2.py`, backward_step_unrolled).
 * @returns the gradient, shape [30], with the validation loss and accuracy after that step
 */
export function unrolledGradient(inputs: UnrolledInputs): { gradient: Float64Array; score: SupernetGradients } {
  const { supernet, mixture, operations, trainBatch, validBatch, step, perturbation } = inputs;
  const mode = { kind: "mixture", weights: mixture } as const;
  const before = supernet.weights();
  const momenta = supernet.momenta();
  const training = supernet.gradients(mode, trainBatch, { weights: true, updatesAverages: true });
  const slope = training.weights as Float32Array;
  const unrolled = before.map((weight, at) => {
    const decayed = (slope[at] as number) + step.weightDecay * weight;
    return weight - step.learningRate * (step.momentum * (momenta[at] as number) + decayed);
  });

  supernet.setWeights(unrolled);
  // The authors' unrolled network is a copy: its running averages are thrown away.
  const score = supernet.gradients(mode, validBatch, { weights: true, updatesAverages: false });
  const direction = score.weights as Float32Array;
  const radius = perturbation / norm(direction);
  const slopeAt = (scale: number) => {
    supernet.setWeights(moved(before, scale, direction));
    return supernet.gradients(mode, trainBatch, { weights: false, updatesAverages: true }).edgeWeights;
  };
  const [above, below] = [slopeAt(radius), slopeAt(-radius)];
  supernet.setWeights(before);

  const byMixture = score.edgeWeights.map((value, at) => {
    const implicit = ((above[at] as number) - (below[at] as number)) / (2 * radius);
    return value - step.learningRate * implicit;
  });
  return { gradient: softmaxGradient(mixture, byMixture, operations), score };
}
