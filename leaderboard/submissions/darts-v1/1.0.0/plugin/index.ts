import {
  ArchitectureParameters,
  type ArchitectureParametersState,
  type ArchitectureSettings,
  batchesPerEpoch,
  defineAlgorithm,
  MeanScore,
  type SupernetOptions,
  softmaxGradient,
  type WeightSettings,
  weightStepAt,
} from "nas-harness";
import { unrolledGradient } from "./unrolled-gradient.ts";

interface Options extends WeightSettings, ArchitectureSettings, SupernetOptions {
  readonly epochs: number;
  readonly imagesPerEpoch: number | null;
  readonly batchSize: number;
  readonly secondOrder: boolean;
  readonly archFirst: boolean | null;
  readonly perturbation: number;
}

/**
 * DARTS as the authors of NAS-Bench-201 ran it (AutoDL-Projects, `exps/NAS-Bench-201-algos/DARTS-V1.py` and `DARTS-V2.py`):
 * weights step on a training batch, architecture parameters on a validation batch, all through softmax mixtures; the answer
 * is the strongest operation on each edge, `none` included.
 */
export default defineAlgorithm<Options>({
  train: ({ space, random, training, options }) => {
    const { train, valid } = training.images;
    const operations = space.operations.length;
    const supernet = training.supernet(options);
    const alphas = new ArchitectureParameters(space, options, random);
    const batches = batchesPerEpoch(train, options.imagesPerEpoch, options.batchSize);
    const archFirst = options.archFirst ?? options.secondOrder;
    const architecture = () => space.fromChoices(alphas.choices());
    return {
      epochs: options.epochs,
      trainEpoch(epoch) {
        const step = weightStepAt(options, epoch, options.epochs);
        const [trained, validated] = [new MeanScore(), new MeanScore()];
        for (let batch = 0; batch < batches; batch++) {
          const trainBatch = train.next(options.batchSize, true);
          const validBatch = valid.next(options.batchSize, true);
          const stepWeights = () =>
            trained.add(supernet.step({ kind: "mixture", weights: alphas.probabilities() }, trainBatch, step));
          const stepArchitecture = () => {
            const mixture = alphas.probabilities();
            if (options.secondOrder) {
              const { perturbation } = options;
              const inputs = { supernet, mixture, operations, trainBatch, validBatch, step, perturbation };
              const { gradient, score } = unrolledGradient(inputs);
              validated.add(score);
              alphas.step(gradient);
              return;
            }
            const mode = { kind: "mixture", weights: mixture } as const;
            const score = supernet.gradients(mode, validBatch, { weights: false, updatesAverages: true });
            validated.add(score);
            alphas.step(softmaxGradient(mixture, score.edgeWeights, operations));
          };
          for (const go of archFirst ? [stepArchitecture, stepWeights] : [stepWeights, stepArchitecture]) go();
        }
        const skips = space.operationsOf(architecture()).filter((operation) => operation === "skip_connect").length;
        return {
          architecture: architecture(),
          parameters: alphas.values,
          figures: {
            trainLoss: trained.loss,
            trainAccuracy: trained.accuracy,
            validLoss: validated.loss,
            validAccuracy: validated.accuracy,
            learningRate: step.learningRate,
            skipShare: skips / space.edges.length,
          },
        };
      },
      answer: architecture,
      save: () => alphas.save(),
      restore: (saved) => alphas.restore(saved as ArchitectureParametersState),
    };
  },
});
