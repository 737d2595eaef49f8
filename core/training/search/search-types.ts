import type { ImageSet } from "../image-set.ts";
import type { SupernetMode } from "./supernet-mode.ts";

/** A batch of images, the caller's own copy. */
export interface ImageBatch {
  /** Normalised as the recipe says, shape [n, height, width, channels]. */
  readonly pixels: Float32Array;
  /** Classes from 0, shape [n]. */
  readonly labels: Int32Array;
  /** [n, height, width, channels]. */
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
}

/** The images of one split, for a method that trains. */
export interface SearchImages {
  /** Number of images of the split. */
  readonly count: number;
  /** All images as they are stored. Not to be changed: the harness looks after each epoch. */
  readonly images: ImageSet;
  /**
   * The next images of shuffled passes over the split; the order comes from the run's seed.
   * @param size 2 or more
   * @param isAugmented whether they are flipped and cropped as the recipe says
   */
  next(size: number, isAugmented: boolean): ImageBatch;
}

/** The splits that a method may train and choose by. There are no test images among them. */
export interface SearchSplits {
  readonly train: SearchImages;
  readonly valid: SearchImages;
}

/** The size and kind of a supernet. */
export interface SupernetOptions {
  /** Channels of the first stage, 8 or a multiple of 16; each further stage doubles them. */
  readonly channels: number;
  /** Cells in each of the three stages, 1 or more. */
  readonly cellsPerStage: number;
  /** Whether batch normalisation inside cells has a trained scale and shift. */
  readonly affine: boolean;
  /** Whether {@link Supernet.evaluate} normalises by the batch (true) or by running averages (false). */
  readonly batchStatistics: boolean;
}

/** Settings of one step of SGD with Nesterov momentum. */
export interface WeightStep {
  readonly learningRate: number;
  readonly momentum: number;
  /** Added to gradients as weightDecay x weight, for all weights. */
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together; larger ones are scaled down to it. Null: none. */
  readonly clipNorm: number | null;
}

/** Loss and accuracy of a batch. */
export interface BatchScore {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Percent. */
  readonly accuracy: number;
}

/** What {@link Supernet.gradients} computes besides the edge weights' gradient. */
export interface GradientRequest {
  /** Whether the weights' gradient is computed too. */
  readonly weights: boolean;
  /** Whether the running averages take this batch in, as a training forward pass does. */
  readonly updatesAverages: boolean;
}

/** Gradients of a batch's mean loss. */
export interface SupernetGradients extends BatchScore {
  /** By the 30 edge weights, shape [30]; zeros for a path. */
  readonly edgeWeights: Float32Array;
  /** By all weights, shape [weightCount]; null unless asked for. */
  readonly weights: Float32Array | null;
}

/**
 * A network whose cells have all operations on all edges. Every call that computes something adds its simulated cost to the
 * run's clock before it does so: 3 forward passes for a training step and for gradients with those of the weights, 2 for
 * gradients of the edge weights alone, 1 for an evaluation.
 */
export interface Supernet {
  /** Number of weights: convolutions, linear layer, trained scales and shifts. */
  readonly weightCount: number;
  /** One step of the weights that the mode uses; the others stay as they are. Batch statistics normalise. */
  step(mode: SupernetMode, batch: ImageBatch, step: WeightStep): BatchScore;
  /** Gradients without a step. Batch statistics normalise. */
  gradients(mode: SupernetMode, batch: ImageBatch, request: GradientRequest): SupernetGradients;
  /** Loss and accuracy without gradients, normalised as the supernet's options say. */
  evaluate(mode: SupernetMode, batch: ImageBatch): BatchScore;
  /** A copy of all weights, shape [weightCount]. */
  weights(): Float32Array;
  /** Sets all weights. @param values shape [weightCount] */
  setWeights(values: Float32Array): void;
  /** A copy of the weights' momenta, shape [weightCount]. */
  momenta(): Float32Array;
}

/** The training capability: what `context.training` offers to a method whose manifest says `needs: ["training"]`. */
export interface TrainingAccess {
  readonly images: SearchSplits;
  /** Makes a supernet; its initial weights come from the run's seed and its place among the run's supernets. */
  supernet(options: SupernetOptions): Supernet;
  /** Simulated milliseconds that the run has spent. */
  readonly spentMs: number;
}
