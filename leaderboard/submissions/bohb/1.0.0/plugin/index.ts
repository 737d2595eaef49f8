import {
  type AlgorithmContext,
  type Architecture,
  defineAlgorithm,
  drawAllowed,
  fromGenerator,
  propose,
  type SearchGenerator,
} from "nas-harness";
import { bracketRungs, rungBudgets } from "./brackets.ts";
import { ProposalModel } from "./proposal-model.ts";

interface Options {
  readonly minBudget: number;
  readonly maxBudget: number | null;
  readonly trainForBudget: boolean;
  readonly answerFrom: "highest-rung" | "protocol";
  readonly eta: number;
  readonly brackets: number;
  readonly samples: number;
  readonly randomFraction: number;
  readonly minBandwidth: number;
  readonly topPercent: number;
  readonly hpbandsterQuirks: boolean;
}

interface Configuration {
  readonly choices: readonly number[];
  loss: number;
}

/** The `count` configurations with the lowest losses, the first of equals, in their original order. */
function promoted(configurations: readonly Configuration[], count: number): Configuration[] {
  const ranked = [...configurations].sort((a, b) => a.loss - b.loss).slice(0, count);
  return configurations.filter((configuration) => ranked.includes(configuration));
}

/** The best evaluation on the highest rung, the first of equals. */
class HighestRung {
  best: Architecture | null = null;
  #loss = Number.POSITIVE_INFINITY;

  add(architecture: Architecture, loss: number): void {
    if (loss >= this.#loss) return;
    this.best = architecture;
    this.#loss = loss;
  }
}

function* search(context: AlgorithmContext<Options>, highest: HighestRung): SearchGenerator {
  const { space, random, fidelities, maxEpochs, budget, options } = context;
  const budgets = rungBudgets(options.minBudget, options.maxBudget ?? maxEpochs, options.eta);
  const model = new ProposalModel({
    parameters: space.edges.length,
    levels: space.operations.length,
    samples: options.samples,
    randomFraction: options.randomFraction,
    topPercent: options.topPercent,
    minBandwidth: options.minBandwidth,
    quirks: options.hpbandsterQuirks,
  });
  const epochsOf = (level: number) => {
    if (!options.trainForBudget) return maxEpochs;
    const whole = Math.floor(budgets[level] as number);
    return fidelities.findLast((epochs) => epochs <= whole) ?? (fidelities[0] as number);
  };

  for (let bracket = 0; bracket < options.brackets; bracket++) {
    let configurations: Configuration[] = [];
    for (const [rung, { level, configurations: count }] of bracketRungs(
      bracket,
      budgets.length,
      options.eta,
    ).entries()) {
      if (rung > 0) configurations = promoted(configurations, count);
      for (let at = 0; at < count; at++) {
        const epochs = epochsOf(level);
        if (!budget.affords(epochs)) return;
        // Drawn one by one: with one worker each configuration knows the result of the one before.
        if (rung === 0) {
          const drawn = drawAllowed(context, () => space.fromChoices(model.propose(random)));
          configurations.push({ choices: space.choicesOf(drawn), loss: Number.POSITIVE_INFINITY });
        }
        const configuration = configurations[at] as Configuration;
        const architecture = space.fromChoices(configuration.choices);
        const { validAccuracy } = yield propose(architecture, epochs);
        configuration.loss = 100 - validAccuracy;
        model.observe(level, configuration.choices, configuration.loss);
        if (level === budgets.length - 1) highest.add(architecture, configuration.loss);
      }
    }
  }
}

/**
 * BOHB with one worker (AutoDL-Projects, `exps/NAS-Bench-201-algos/BOHB.py` and `exps/NATS-algos/bohb.py`; hpbandster
 * 0.7.4). Nothing is resumed: every rung pays its training from scratch.
 */
export default defineAlgorithm<Options>({
  create: (context) => {
    const highest = new HighestRung();
    return {
      ...fromGenerator(search(context, highest)),
      answer: () => (context.options.answerFrom === "highest-rung" ? highest.best : null),
    };
  },
});
