import {
  ArchitectureParameters,
  type ArchitectureParametersState,
  type ArchitectureSettings,
  batchesPerEpoch,
  bestOnValidation,
  defineAlgorithm,
  MeanScore,
  type SupernetOptions,
  softmaxGradient,
  type WeightSettings,
  weightStepAt,
} from "nas-harness";
import { mostProbable } from "./most-probable.ts";

interface Options extends WeightSettings, ArchitectureSettings, SupernetOptions {
  readonly epochs: number;
  readonly imagesPerEpoch: number | null;
  readonly batchSize: number;
  readonly candidates: number;
  readonly selectionBatchSize: number;
}

/**
 * SETN as the authors ran it (AutoDL-Projects, `exps/NAS-Bench-201-algos/SETN.py`): weights step along one uniformly random
 * architecture a batch, architecture parameters through the softmax mixture on a validation batch; of the 100 most probable
 * architectures the best on a validation batch each is the answer.
 */
export default defineAlgorithm<Options>({
  train: ({ space, random, training, options }) => {
    const { train, valid } = training.images;
    const operations = space.operations.length;
    const supernet = training.supernet(options);
    const alphas = new ArchitectureParameters(space, options, random);
    const batches = batchesPerEpoch(train, options.imagesPerEpoch, options.batchSize);
    return {
      epochs: options.epochs,
      trainEpoch(epoch) {
        const step = weightStepAt(options, epoch, options.epochs);
        const [trained, validated] = [new MeanScore(), new MeanScore()];
        for (let batch = 0; batch < batches; batch++) {
          const architecture = space.sample(random);
          trained.add(supernet.step({ kind: "path", architecture }, train.next(options.batchSize, true), step));
          const mixture = alphas.probabilities();
          const score = supernet.gradients({ kind: "mixture", weights: mixture }, valid.next(options.batchSize, true), {
            weights: false,
            updatesAverages: true,
          });
          validated.add(score);
          alphas.step(softmaxGradient(mixture, score.edgeWeights, operations));
        }
        return {
          architecture: space.fromChoices(alphas.choices()),
          parameters: alphas.values,
          figures: {
            trainLoss: trained.loss,
            trainAccuracy: trained.accuracy,
            validLoss: validated.loss,
            validAccuracy: validated.accuracy,
            learningRate: step.learningRate,
          },
        };
      },
      answer: () => {
        const candidates = mostProbable(space, alphas.probabilities(), options.candidates);
        return bestOnValidation(supernet, valid, candidates, options.selectionBatchSize).architecture;
      },
      save: () => alphas.save(),
      restore: (saved) => alphas.restore(saved as ArchitectureParametersState),
    };
  },
});
