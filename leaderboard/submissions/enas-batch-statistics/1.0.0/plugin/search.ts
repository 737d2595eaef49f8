import type { Architecture, EpochReport, Supernet, SupernetMode, TrainingContext, TrainingSearcher } from "nas-harness";
import { type ControllerState, ControllerTraining } from "./controller-training.ts";
import { learningRateAt } from "./learning-rate.ts";
import type { Options } from "./options.ts";

/** Mean loss (nats) and accuracy (percent) of an epoch's training batches. */
interface WeightEpoch {
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * A run of ENAS (AutoDL-Projects, `exps/NAS-Bench-201-algos/ENAS.py`): in each epoch the supernet's weights are trained by
 * architectures of the controller, then the controller by the accuracies of its architectures on validation batches.
 */
export class EnasSearch implements TrainingSearcher {
  readonly #context: TrainingContext<Options>;
  readonly #supernet: Supernet;
  readonly #controller: ControllerTraining;
  readonly #batches: number;

  /** @throws an Error if an epoch's images are fewer than a batch */
  constructor(context: TrainingContext<Options>) {
    const { space, random, training, options } = context;
    const { channels, cellsPerStage, affine, batchStatistics, batchSize, imagesPerEpoch } = options;
    const images = imagesPerEpoch ?? training.images.train.count;
    this.#batches = Math.floor(images / batchSize);
    if (this.#batches === 0) {
      throw new Error(`an epoch of ${images} images has no batch of ${batchSize}: lower batchSize`);
    }
    this.#context = context;
    this.#supernet = training.supernet({ channels, cellsPerStage, affine, batchStatistics });
    const size = { edges: space.edges.length, operations: space.operations.length };
    this.#controller = new ControllerTraining(size, options, random);
  }

  get epochs(): number {
    return this.#context.options.epochs;
  }

  /** Trains weights and controller; reports the controller's most probable operations, which cost nothing to know. */
  trainEpoch(epoch: number): EpochReport {
    const { options, space } = this.#context;
    const learningRate = learningRateAt(options, epoch, options.learningRatePeriod ?? options.epochs);
    const weights = this.#trainWeights(learningRate);
    const { accuracy, reward, entropy, baseline } = this.#controller.trainEpoch(
      (choices) => this.#accuracy(space.fromChoices(choices), options.rewardBatchSize) / 100,
    );
    return {
      architecture: space.fromChoices(this.#controller.greedy().choices),
      parameters: this.#controller.parameters,
      figures: {
        learningRate,
        trainLoss: weights.loss,
        trainAccuracy: weights.accuracy,
        sampleAccuracy: 100 * accuracy,
        rewardMean: reward,
        baseline,
        entropy,
      },
    };
  }

  /** The best of some architectures of the controller, each scored on one validation batch; the first of equals. */
  answer(): Architecture {
    const { candidates, selectionBatchSize } = this.#context.options;
    let best = this.#draw();
    let highest = this.#accuracy(best, selectionBatchSize);
    for (let candidate = 1; candidate < candidates; candidate++) {
      const architecture = this.#draw();
      const accuracy = this.#accuracy(architecture, selectionBatchSize);
      if (accuracy > highest) [best, highest] = [architecture, accuracy];
    }
    return best;
  }

  save(): ControllerState {
    return this.#controller.save();
  }

  restore(saved: unknown): void {
    this.#controller.restore(saved as ControllerState);
  }

  /** One step a batch, each by an architecture of its own. */
  #trainWeights(learningRate: number): WeightEpoch {
    const { training, options } = this.#context;
    const { momentum, weightDecay, clipNorm, batchSize } = options;
    let [lossSum, accuracySum] = [0, 0];
    for (let at = 0; at < this.#batches; at++) {
      const mode: SupernetMode = { kind: "path", architecture: this.#draw() };
      const batch = training.images.train.next(batchSize, true);
      const { loss, accuracy } = this.#supernet.step(mode, batch, { learningRate, momentum, weightDecay, clipNorm });
      lossSum += loss;
      accuracySum += accuracy;
    }
    return { loss: lossSum / this.#batches, accuracy: accuracySum / this.#batches };
  }

  #draw(): Architecture {
    return this.#context.space.fromChoices(this.#controller.sample().choices);
  }

  /** Accuracy on the next validation batch, in percent. */
  #accuracy(architecture: Architecture, batchSize: number): number {
    const batch = this.#context.training.images.valid.next(batchSize, this.#context.options.augmentedRewards);
    return this.#supernet.evaluate({ kind: "path", architecture }, batch).accuracy;
  }
}
