import {
  ArchitectureParameters,
  type ArchitectureParametersState,
  type ArchitectureSettings,
  batchesPerEpoch,
  defineAlgorithm,
  MeanScore,
  type SupernetOptions,
  type WeightSettings,
  weightStepAt,
} from "nas-harness";
import { gumbelGradient, gumbelSample } from "./gumbel-sample.ts";

interface Options extends WeightSettings, ArchitectureSettings, SupernetOptions {
  readonly epochs: number;
  readonly imagesPerEpoch: number | null;
  readonly batchSize: number;
  readonly temperature: number;
  readonly finalTemperature: number;
}

/** Falls in a straight line from the first epoch to the last. */
function temperatureAt({ temperature, finalTemperature, epochs }: Options, epoch: number): number {
  return epochs === 1 ? temperature : temperature - ((temperature - finalTemperature) * epoch) / (epochs - 1);
}

/**
 * GDAS as the authors ran it (AutoDL-Projects, `exps/NAS-Bench-201-algos/GDAS.py`): every batch draws one operation an edge by
 * a hard Gumbel-softmax; weights step on a training batch, architecture parameters on a validation batch with a new sample.
 * The answer is the most probable operation on each edge.
 */
export default defineAlgorithm<Options>({
  train: ({ space, random, training, options }) => {
    const { train, valid } = training.images;
    const operations = space.operations.length;
    const supernet = training.supernet(options);
    const alphas = new ArchitectureParameters(space, options, random);
    const batches = batchesPerEpoch(train, options.imagesPerEpoch, options.batchSize);
    const architecture = () => space.fromChoices(alphas.choices());
    return {
      epochs: options.epochs,
      trainEpoch(epoch) {
        const step = weightStepAt(options, epoch, options.epochs);
        const temperature = temperatureAt(options, epoch);
        const [trained, validated] = [new MeanScore(), new MeanScore()];
        for (let batch = 0; batch < batches; batch++) {
          const forWeights = space.fromChoices(gumbelSample(alphas.values, operations, temperature, random).choices);
          // A step of the weights needs no gradient through the gates, so the sampled path will do.
          trained.add(
            supernet.step({ kind: "path", architecture: forWeights }, train.next(options.batchSize, true), step),
          );
          const sample = gumbelSample(alphas.values, operations, temperature, random);
          const score = supernet.gradients(
            { kind: "gate", architecture: space.fromChoices(sample.choices) },
            valid.next(options.batchSize, true),
            { weights: false, updatesAverages: true },
          );
          validated.add(score);
          alphas.step(gumbelGradient(sample, score.edgeWeights, operations, temperature));
        }
        return {
          architecture: architecture(),
          parameters: alphas.values,
          figures: {
            trainLoss: trained.loss,
            trainAccuracy: trained.accuracy,
            validLoss: validated.loss,
            validAccuracy: validated.accuracy,
            learningRate: step.learningRate,
            temperature,
          },
        };
      },
      answer: architecture,
      save: () => alphas.save(),
      restore: (saved) => alphas.restore(saved as ArchitectureParametersState),
    };
  },
});
