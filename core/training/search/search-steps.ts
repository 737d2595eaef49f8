import type { Architecture } from "../../space/codec.ts";
import { cosineLearningRate } from "../learning-rate.ts";
import { badCall } from "./bad-call.ts";
import type { BatchScore, SearchImages, Supernet, WeightStep } from "./search-types.ts";

/** How a supernet's weights are trained. */
export interface WeightSettings {
  /** At the first epoch. */
  readonly learningRate: number;
  /** Where the cosine ends. */
  readonly finalLearningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Largest norm of all gradients together; null: not clipped. */
  readonly clipNorm: number | null;
}

/**
 * The settings of an epoch's steps: the learning rate falls on a half cosine, constant within an epoch
 * (AutoDL-Projects, `xautodl/procedures/optimizers.py`, CosineAnnealingLR).
 * @param epoch from 0
 * @param period epochs until the cosine is at its end; it rises again after that
 */
export function weightStepAt(settings: WeightSettings, epoch: number, period: number): WeightStep {
  const { learningRate, finalLearningRate, momentum, weightDecay, clipNorm } = settings;
  return {
    learningRate: cosineLearningRate(learningRate, finalLearningRate, epoch, period),
    ...{ momentum, weightDecay, clipNorm },
  };
}

/**
 * Number of batches of an epoch: whole ones.
 * @param imagesPerEpoch null: all images of the split
 * @throws NAS_TRAINING_CALL if there is not one
 */
export function batchesPerEpoch(
  images: Pick<SearchImages, "count">,
  imagesPerEpoch: number | null,
  batchSize: number,
): number {
  const batches = Math.floor((imagesPerEpoch ?? images.count) / batchSize);
  if (batches >= 1) return batches;
  throw badCall("batchesPerEpoch", `epochs of ${imagesPerEpoch} images and batches of ${batchSize}`, "a batch or more");
}

/** Mean loss and accuracy of batches of one size. */
export class MeanScore {
  #loss = 0;
  #accuracy = 0;
  #batches = 0;

  add({ loss, accuracy }: BatchScore): void {
    this.#loss += loss;
    this.#accuracy += accuracy;
    this.#batches++;
  }

  /** Nats; NaN if nothing was added. */
  get loss(): number {
    return this.#loss / this.#batches;
  }

  /** Percent; NaN if nothing was added. */
  get accuracy(): number {
    return this.#accuracy / this.#batches;
  }
}

/**
 * The architecture whose path scores best, each on one validation batch of its own as in the authors' files, the first of
 * equals.
 * @param architectures one or more
 * @throws what the supernet throws
 */
export function bestOnValidation(
  supernet: Pick<Supernet, "evaluate">,
  valid: SearchImages,
  architectures: readonly Architecture[],
  batchSize: number,
): { readonly architecture: Architecture; readonly accuracy: number } {
  let best = { architecture: architectures[0] as Architecture, accuracy: Number.NEGATIVE_INFINITY };
  for (const architecture of architectures) {
    const { accuracy } = supernet.evaluate({ kind: "path", architecture }, valid.next(batchSize, false));
    if (accuracy > best.accuracy) best = { architecture, accuracy };
  }
  return best;
}
