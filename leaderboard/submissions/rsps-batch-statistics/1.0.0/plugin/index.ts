import {
  batchesPerEpoch,
  bestOnValidation,
  defineAlgorithm,
  MeanScore,
  type Random,
  type Space,
  type SupernetOptions,
  type WeightSettings,
  weightStepAt,
} from "nas-harness";

interface Options extends WeightSettings, SupernetOptions {
  readonly epochs: number;
  readonly imagesPerEpoch: number | null;
  readonly batchSize: number;
  readonly candidates: number;
  readonly selectionBatchSize: number;
  readonly distinctCandidates: boolean;
  readonly emptyNodes: boolean;
}

/** A uniformly random architecture; without empty nodes every node has an edge that is not `none` (NATS-Bench). */
function drawn(space: Space, random: Random, emptyNodes: boolean): number {
  for (;;) {
    const architecture = space.sample(random);
    if (emptyNodes) return architecture;
    const operations = space.operationsOf(architecture);
    const isFed = (node: number) => space.edges.some(({ to }, edge) => to === node && operations[edge] !== "none");
    if ([1, 2, 3].every(isFed)) return architecture;
  }
}

/** The candidates: uniformly random, no one twice if they are to be distinct. */
function candidatesOf(space: Space, random: Random, { candidates, distinctCandidates }: Options): number[] {
  const chosen: number[] = [];
  const seen = new Set<number>();
  while (chosen.length < candidates) {
    const architecture = space.sample(random);
    if (distinctCandidates && seen.has(architecture)) continue;
    seen.add(architecture);
    chosen.push(architecture);
  }
  return chosen;
}

/**
 * Random search with parameter sharing as the authors ran it (AutoDL-Projects, `exps/NAS-Bench-201-algos`, RANDOM-NAS): each
 * batch trains one uniformly random architecture; of 100 random ones the best on a validation batch each is the answer.
 */
export default defineAlgorithm<Options>({
  train: ({ space, random, training, options }) => {
    const { train, valid } = training.images;
    const supernet = training.supernet(options);
    const batches = batchesPerEpoch(train, options.imagesPerEpoch, options.batchSize);
    let lastTrained = 0;
    return {
      epochs: options.epochs,
      trainEpoch(epoch) {
        const step = weightStepAt(options, epoch, options.epochs);
        const score = new MeanScore();
        for (let batch = 0; batch < batches; batch++) {
          lastTrained = drawn(space, random, options.emptyNodes);
          score.add(
            supernet.step({ kind: "path", architecture: lastTrained }, train.next(options.batchSize, true), step),
          );
        }
        // There is no architecture to speak of before the end: the last one that was trained stands for all.
        const figures = { trainLoss: score.loss, trainAccuracy: score.accuracy, learningRate: step.learningRate };
        return { architecture: lastTrained, parameters: [], figures };
      },
      answer: () =>
        bestOnValidation(supernet, valid, candidatesOf(space, random, options), options.selectionBatchSize)
          .architecture,
      save: () => null,
      restore() {},
    };
  },
});
