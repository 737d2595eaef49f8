import { defineAlgorithm, propose } from "nas-harness";

/**
 * Random search as the authors ran it (AutoDL-Projects, `exps/NAS-Bench-201-algos/RANDOM.py`): each edge's operation
 * uniformly, duplicates allowed, no check for isomorphism.
 */
export default defineAlgorithm({
  create: ({ space, random, budget, maxEpochs }) => ({
    ask: () => (budget.affords(maxEpochs) ? propose(space.sample(random), maxEpochs) : null),
    tell: () => {},
  }),
});
