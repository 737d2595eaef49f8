import { type Architecture, defineAlgorithm, propose } from "nas-harness";

interface Options {
  readonly populationSize: number;
  readonly tournamentSize: number;
  readonly mutation: "node-uniform" | "edge-uniform";
}

interface Member {
  readonly architecture: Architecture;
  readonly accuracy: number;
}

/**
 * Regularized evolution with the authors' settings (AutoDL-Projects, `exps/NAS-Bench-201-algos/R_EA.py`): population 10,
 * tournaments of 3 with replacement, the oldest member removed, no limit on cycles but the budget.
 */
export default defineAlgorithm<Options>({
  search: function* ({ space, random, budget, maxEpochs, options }) {
    const mutate = options.mutation === "node-uniform" ? space.mutate : space.mutateEdgeUniform;
    const population: Member[] = [];

    const parent = () => {
      let best = random.choice(population);
      for (let drawn = 1; drawn < options.tournamentSize; drawn++) {
        const rival = random.choice(population);
        if (rival.accuracy > best.accuracy) best = rival;
      }
      return best.architecture;
    };

    while (budget.affords(maxEpochs)) {
      const isGrowing = population.length < options.populationSize;
      const architecture = isGrowing ? space.sample(random) : mutate(parent(), random);
      const { validAccuracy } = yield propose(architecture, maxEpochs);
      population.push({ architecture, accuracy: validAccuracy });
      if (!isGrowing) population.shift();
    }
  },
});
