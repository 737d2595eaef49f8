import type { Recipe } from "../../schemas/generated/recipe.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type Architecture, operationsOf } from "../space/codec.ts";
import type { Operation } from "../space/operations.ts";
import { usedEdges } from "../space/reachability.ts";
import { withCanonicalNaN } from "./canonical-nan.ts";
import type { ImageSet } from "./image-set.ts";
import { BatchMaker, ImageStream } from "./image-stream.ts";
import { learningRateOf } from "./learning-rate.ts";
import { Network, type NetworkShape } from "./network.ts";
import type { Operations } from "./operations.ts";
import { weightsHash } from "./weights-hash.ts";

/** The splits of the images in the order of reports and files. */
export const SPLITS = ["train", "valid", "test"] as const;

/** A split of the images. */
export type Split = (typeof SPLITS)[number];

/** The images that a trial trains on and is measured on. */
export type SplitImages = Readonly<Record<Split, ImageSet>>;

/**
 * Loss (nats) and accuracy (percent) of one split after each epoch, shape [epochs]. A loss is NaN or Infinity where the
 * training diverged; an accuracy never is.
 */
export interface Curve {
  readonly loss: Float32Array;
  readonly accuracy: Float32Array;
}

/** What a training leaves behind. */
export interface TrialResult {
  readonly curves: Readonly<Record<Split, Curve>>;
  /** SHA-256 of the final weights and running averages. */
  readonly weightsSha256: string;
  /** True if a loss was NaN or Infinity after some epoch. */
  readonly hasDiverged: boolean;
}

/** Loss and accuracy of the splits after an epoch (from 1), for people who watch. */
export interface EpochReport {
  readonly epoch: number;
  readonly learningRate: number;
  readonly splits: Readonly<Record<Split, { readonly loss: number; readonly accuracy: number }>>;
}

/** Operations on the six edges with null where an edge is on no path from input to output: those are not trained. */
export function trainedEdges(architecture: Architecture): (Operation | null)[] {
  const used = usedEdges(architecture);
  return operationsOf(architecture).map((operation, edge) => (used[edge] ? operation : null));
}

/** The network's size for a recipe and images. @throws NAS_TRAINING_SHAPE if the images can't be halved twice */
export function networkShape({ network }: Pick<Recipe, "network">, images: ImageSet): NetworkShape {
  const { channels, cellsPerStage } = network;
  if (images.size % 4 !== 0) {
    throw new HarnessError("NAS_TRAINING_SHAPE", {
      what: `images of ${images.size}x${images.size} pixels can't be trained on: the network halves them twice`,
      allowed: "a height and width that is a multiple of 4",
      next: "derive a dataset of another size (nas-harness dataset derive --help)",
    });
  }
  return { channels, cellsPerStage, imageSize: images.size, imageChannels: images.channels, classes: images.classes };
}

/** Mean loss (nats) and accuracy (percent) over the first `count` images, in the phase that the operations are in. */
export function measure(operations: Operations, network: Network, maker: BatchMaker, count: number, batchSize: number) {
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < count; start += batchSize) {
    const { pixels, shape, labels } = maker.range(start, Math.min(count, start + batchSize));
    const batch = operations.batch(pixels, shape, labels);
    const result = operations.evaluate(network.forward, network.head, batch);
    loss += result.loss * batch.size;
    correct += result.correct;
    batch.images.dispose();
    batch.labels.dispose();
  }
  return { loss: loss / count, accuracy: (100 * correct) / count };
}

/** One training from initial weights to the last epoch. */
class Trial {
  readonly network: Network;
  readonly #operations: Operations;
  readonly #images: SplitImages;
  readonly #recipe: Recipe;
  readonly #stream: ImageStream;
  readonly #makers: Readonly<Record<Split, BatchMaker>>;
  readonly #momenta: ReturnType<Operations["parameter"]>[];

  constructor(operations: Operations, images: SplitImages, recipe: Recipe, architecture: Architecture, seed: number) {
    this.#operations = operations;
    this.#images = images;
    this.#recipe = recipe;
    this.network = new Network(operations, networkShape(recipe, images.train), trainedEdges(architecture), seed);
    this.#stream = new ImageStream(images.train, recipe, seed);
    const maker = (split: Split) => new BatchMaker(images[split], recipe.normalization);
    this.#makers = { train: maker("train"), valid: maker("valid"), test: maker("test") };
    this.#momenta = this.network.parameters.map(({ tensor }) =>
      operations.parameter(new Float32Array(tensor.size), tensor.shape),
    );
  }

  /** Trains one epoch (from 0) and measures it. */
  epoch(epoch: number): EpochReport {
    const { optimiser, epochs } = this.#recipe;
    const learningRate = learningRateOf(optimiser, epoch, epochs);
    this.#operations.phase = "train";
    for (const { pixels, shape, labels } of this.#stream.epoch()) {
      const batch = this.#operations.batch(pixels, shape, labels);
      this.#operations.trainStep(this.network.forward, this.network.head, batch, {
        parameters: this.network.parameters.map(({ tensor }) => tensor),
        momenta: this.#momenta,
        learningRate,
        momentum: optimiser.momentum,
        weightDecay: optimiser.weightDecay,
      });
      batch.images.dispose();
      batch.labels.dispose();
    }
    return { epoch: epoch + 1, learningRate, splits: this.#measureAll(epoch + 1 === epochs) };
  }

  dispose(): void {
    this.network.dispose();
    for (const momentum of this.#momenta) momentum.dispose();
  }

  #measureAll(isLast: boolean): EpochReport["splits"] {
    const { evaluation } = this.#recipe;
    this.#operations.phase = evaluation.batchNorm;
    const of = (split: Split) => {
      const all = this.#images[split].count;
      const subset = Math.min(evaluation[split] ?? all, all);
      // Accuracy on training images only shows overfitting: the subset serves to the end.
      const count = isLast && split !== "train" ? all : subset;
      return measure(this.#operations, this.network, this.#makers[split], count, evaluation.batchSize);
    };
    return { train: of("train"), valid: of("valid"), test: of("test") };
  }
}

/**
 * Trains the cell of an architecture from scratch. The same architecture (up to edges that lead nowhere), recipe, images and
 * seed give the same curves and weights, bit for bit, on any machine with the wasm backend. A training that diverges goes on
 * to its end like any other.
 * @param architecture what is trained, without edges that lead nowhere
 * @param onEpoch called after each epoch
 * @param onTrained called with the network before it is freed, for example to save its weights
 * @throws NAS_TRAINING_SHAPE
 */
export function trainTrial(
  operations: Operations,
  images: SplitImages,
  recipe: Recipe,
  architecture: Architecture,
  seed: number,
  onEpoch: (report: EpochReport) => void = () => {},
  onTrained: (network: Network) => void = () => {},
): TrialResult {
  const trial = new Trial(operations, images, recipe, architecture, seed);
  try {
    const epochs = () => new Float32Array(recipe.epochs);
    const curve = (): { loss: Float32Array; accuracy: Float32Array } => ({ loss: epochs(), accuracy: epochs() });
    const curves = { train: curve(), valid: curve(), test: curve() };
    for (let epoch = 0; epoch < recipe.epochs; epoch++) {
      const report = trial.epoch(epoch);
      for (const split of SPLITS) {
        curves[split].loss[epoch] = report.splits[split].loss;
        curves[split].accuracy[epoch] = report.splits[split].accuracy;
      }
      onEpoch(report);
    }
    for (const split of SPLITS) curves[split].loss = withCanonicalNaN(curves[split].loss);
    onTrained(trial.network);
    return {
      curves,
      weightsSha256: weightsHash(trial.network),
      hasDiverged: SPLITS.some((split) => !curves[split].loss.every(Number.isFinite)),
    };
  } finally {
    trial.dispose();
  }
}
