import { defineAlgorithm, drawAllowed, propose } from "nas-harness";
import { Adam } from "./adam.ts";
import { Policy } from "./policy.ts";

interface Options {
  readonly learningRate: number;
  readonly baselineMomentum: number;
}

/**
 * REINFORCE as the authors ran it (AutoDL-Projects, `exps/NAS-Bench-201-algos/reinforce.py`): one sample a step, reward in
 * percent, the bias-corrected baseline updated before the advantage is taken, no entropy term. The answer is the best
 * evaluation, not the policy's mode.
 */
export default defineAlgorithm<Options>({
  search: function* (context) {
    const { space, random, budget, maxEpochs, options } = context;
    const policy = new Policy(space.edges.length, space.operations.length, random);
    const optimiser = new Adam(policy.logits, options.learningRate);
    const momentum = options.baselineMomentum;
    let rewardSum = 0;
    let weightSum = 0;

    while (budget.affords(maxEpochs)) {
      const architecture = drawAllowed(context, () => space.fromChoices(policy.sample(random)));
      const choices = space.choicesOf(architecture);
      const { validAccuracy } = yield propose(architecture, maxEpochs);
      rewardSum = momentum * rewardSum + (1 - momentum) * validAccuracy;
      weightSum = momentum * weightSum + (1 - momentum);
      const advantage = validAccuracy - rewardSum / weightSum;
      optimiser.step(policy.lossGradient(choices, advantage));
    }
  },
});
