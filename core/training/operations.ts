import type { Tensor } from "./backend.ts";

/** BN's epsilon and the share of a new batch in its running averages, as PyTorch's defaults. */
export const NORM_EPSILON = 1e-5;
export const NORM_MOMENTUM = 0.1;

/**
 * What batch normalisation does. train: normalises by the batch and updates the running averages; batch: normalises by the
 * batch only; running: normalises by the running averages.
 */
export type NormPhase = "train" | "batch" | "running";

/** The parameters and running averages of one batch normalisation over C channels. */
export interface Norm {
  /** Scale, shape [C]. */
  readonly gamma: Tensor;
  /** Shift, shape [C]. */
  readonly beta: Tensor;
  /** Running mean, shape [C]. */
  readonly mean: Float32Array;
  /** Running (unbiased) variance, shape [C]. */
  readonly variance: Float32Array;
}

/** Values between layers. They last until the step or the evaluation that made them ends. */
export interface Value {
  readonly shape: number[];
  /** Product of the shape. */
  readonly size: number;
}

/** One labelled batch in an implementation's own layout. */
export interface Batch {
  readonly images: Tensor;
  /** int32, shape [N]. */
  readonly labels: Tensor;
  /** N. */
  readonly size: number;
}

/** A pooling window. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** Loss and number of correct predictions of a batch. */
export interface BatchResult {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  readonly correct: number;
}

/** A network: features of shape [N, D] from a batch's images. */
export type Forward = (images: Tensor) => Value;

/**
 * What the network is made of. Two implementations: the project's fused kernels on the tfjs wasm backend (layout
 * [H, W, N, C]) and stock tfjs operations (layout [N, H, W, C]), which serve every other backend. Weights are
 * [size, size, C, K] in both.
 */
export interface Operations {
  /** What batch normalisation does at the moment. */
  phase: NormPhase;
  /**
   * Copies pixels [N, H, W, C] and labels [N] into a batch. The caller disposes both tensors.
   * @param shape [N, H, W, C]
   */
  batch(pixels: Float32Array, shape: readonly [number, number, number, number], labels: Int32Array): Batch;
  /** A parameter that outlives steps. */
  parameter(values: Float32Array, shape: readonly number[]): Tensor;
  /** Gives a parameter new values. @param values as many as it has */
  setParameter(parameter: Tensor, values: Float32Array): void;
  /** ReLU (or not), convolution with padding (size - 1) / 2, batch normalisation. */
  convolutionNorm(
    x: Value,
    weights: Tensor,
    norm: Norm,
    options: { readonly stride: number; readonly relu: boolean },
  ): Value;
  /** The first layer: as {@link convolutionNorm} without ReLU, on images, which need no gradient. */
  stem(images: Tensor, weights: Tensor, norm: Norm): Value;
  /** A convolution of size 1 without normalisation. */
  pointwise(x: Value, weights: Tensor): Value;
  /** Average pooling that counts only pixels inside the image. */
  averagePool(x: Value, window: Window): Value;
  /** Sum of one or more values of one shape. */
  sum(parts: readonly Value[]): Value;
  /**
   * A weighted sum: part i counts weights[offset + i]. A part that is null counts as zeros, and all of them may not be.
   * @param weights a parameter whose number of values is a multiple of 4
   */
  mix(parts: readonly (Value | null)[], weights: Tensor, offset: number): Value;
  /**
   * weights[offset + choice] x x plus the sum of the other `count - 1` weights, which are 0: the values are those of the choice
   * alone, and every weight has a gradient (a hard Gumbel sample's, as in AutoDL-Projects, `search_cells.py`, forward_gdas).
   * @param weights a parameter whose number of values is a multiple of 4
   */
  gate(x: Value, weights: Tensor, offset: number, choice: number, count: number): Value;
  /** Zeros of a value's shape, through which no gradient flows. */
  zerosLike(x: Value): Value;
  /** Batch normalisation, ReLU, mean over pixels: features of shape [N, C]. */
  normReluMean(x: Value, norm: Norm): Value;
  /** Features of a batch without gradients, shape [N, D], in the batch's order. */
  features(forward: Forward, batch: Batch): Float32Array;
  /** Evaluates a batch without gradients. */
  evaluate(forward: Forward, head: Head, batch: Batch): BatchResult;
  /**
   * One training step: loss, gradients of all parameters, SGD with Nesterov momentum in place. Parameters that the loss
   * doesn't depend on stay as they are. The phase is train or batch.
   * @param forward from images to features [N, D]
   */
  trainStep(forward: Forward, head: Head, batch: Batch, optimiser: Optimiser): BatchResult;
  /**
   * Loss and gradients without a step, in the order of the parameters; for tests. Parameters that were not used get zeros.
   * The phase is train or batch.
   */
  gradients(
    forward: Forward,
    head: Head,
    batch: Batch,
    parameters: readonly Tensor[],
  ): BatchResult & { readonly gradients: Float32Array[] };
}

/** The linear layer at the end. */
export interface Head {
  /** Shape [D, classes]. */
  readonly weights: Tensor;
  /** Shape [classes]. */
  readonly bias: Tensor;
}

/** SGD's state and settings for the next step. */
export interface Optimiser {
  readonly parameters: readonly Tensor[];
  /** Momenta, one a parameter and of its size. */
  readonly momenta: readonly Tensor[];
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together, before weight decay; larger ones are scaled down to it. None unless given. */
  readonly clipNorm?: number;
}

/** What gradients are multiplied with so that their norm is at most `clipNorm` (PyTorch's clip_grad_norm_). */
export function clipFactor(norm: number, clipNorm: number): number {
  return Math.min(1, clipNorm / (norm + 1e-6));
}
