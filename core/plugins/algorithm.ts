import { HarnessError } from "../errors/harness-error.ts";
import type { Random } from "../random/random.ts";
import type { Architecture } from "../space/codec.ts";
import type { Space } from "../space/space.ts";
import type { ConstraintsView } from "./constraints.ts";
import { fromGenerator } from "./generator-adapter.ts";
import type { TrainingContext, TrainingSearcher } from "./training.ts";

/** What an algorithm asks the harness to evaluate. */
export interface Proposal {
  /** Official index of the architecture. */
  readonly architecture: Architecture;
  /** Epochs of training: one of the context's `fidelities`. */
  readonly epochs: number;
}

/** What the harness answers to a proposal. Frozen. */
export interface Evaluation {
  /** Validation accuracy in percent, 0 to 100, a multiple of 1e-4. */
  readonly validAccuracy: number;
  /** What the evaluation cost, in simulated milliseconds. */
  readonly costMs: number;
  /** Simulated milliseconds that the run has spent, this evaluation included. */
  readonly spentMs: number;
  /** What is left of the budget, in the budget's unit; negative after a kept crossing. */
  readonly remaining: number;
}

/** The run's budget as an algorithm sees it. Frozen. */
export interface BudgetView {
  /** What is counted. */
  readonly kind: "simulated-ms" | "evaluations" | "epochs";
  /** How much of it a run may spend. */
  readonly limit: number;
  /**
   * False once a proposal at these epochs can't fit any more. Where prices are known beforehand (budgets in evaluations or
   * epochs) proposing in spite of it breaks the contract; in simulated time it turns false only when nothing is left.
   */
  affords(epochs: number): boolean;
}

/** Everything that an algorithm gets. Frozen; a new one for each run. */
export interface AlgorithmContext<Options = Record<string, unknown>> {
  /** The search space; where there are constraints, what it draws and lists keeps to them. */
  readonly space: Space;
  /** What the protocol allows by hardware costs: everything, unless it has constraints. */
  readonly constraints: ConstraintsView;
  /** The run's random generator: the only allowed source of randomness. */
  readonly random: Random;
  /** Epochs that a proposal may name, ascending. */
  readonly fidelities: readonly number[];
  /** The largest of the fidelities: a full training. */
  readonly maxEpochs: number;
  /** The run's budget. */
  readonly budget: BudgetView;
  /** The plugin's options: defaults, then the manifest's settings for this protocol, then the user's. */
  readonly options: Options;
  /** Which protocol, search and dataset the run belongs to. */
  readonly protocol: { readonly id: string; readonly search: string; readonly dataset: string };
}

/** One run of an algorithm. */
export interface Searcher {
  /** The next proposal, or null to end the run. Called again only after the last proposal was told. */
  ask(): Proposal | null;
  /** The evaluation of the last proposal; `proposal` is the object that `ask` returned. */
  tell(proposal: Proposal, evaluation: Evaluation): void;
  /**
   * Called once after the last tell: the run's answer. Without it, or if it returns null, the answer is the evaluation with
   * the highest validation accuracy at the protocol's answerEpochs, the first of equals.
   */
  answer?(): Architecture | null;
}

/** The generator form of a search: yields proposals, receives evaluations, may return the answer. */
// biome-ignore lint/suspicious/noConfusingVoidType: a generator without a return statement returns void
export type SearchGenerator = Generator<Proposal, Architecture | null | undefined | void, Evaluation>;

/** What a plugin passes to {@link defineAlgorithm}: `create` or `search`, or `train` if its manifest says `needs: ["training"]`. */
export type AlgorithmDefinition<Options> =
  | { readonly create: (context: AlgorithmContext<Options>) => Searcher }
  | { readonly search: (context: AlgorithmContext<Options>) => SearchGenerator }
  | { readonly train: (context: TrainingContext<Options>) => TrainingSearcher };

/** A defined algorithm: what a plugin's entry exports by default. */
export interface Algorithm {
  /** Marks the object as made by {@link defineAlgorithm}. */
  readonly kind: "nas-harness/algorithm";
  /** Starts one run. @throws NAS_PLUGIN_CAPABILITY for an algorithm that trains */
  readonly create: (context: AlgorithmContext) => Searcher;
  /** Starts one run of an algorithm that trains; null for all others. */
  readonly train: ((context: TrainingContext) => TrainingSearcher) | null;
}

/**
 * Defines an algorithm, in ask/tell form or as a generator:
 *
 *     export default defineAlgorithm({
 *       search: function* ({ space, random, budget, maxEpochs }) {
 *         while (budget.affords(maxEpochs)) yield propose(space.sample(random), maxEpochs);
 *       },
 *     });
 */
export function defineAlgorithm<Options = Record<string, unknown>>(
  definition: AlgorithmDefinition<Options>,
): Algorithm {
  const train = "train" in definition ? definition.train : null;
  const create =
    "search" in definition
      ? (context: AlgorithmContext<Options>) => fromGenerator(definition.search(context))
      : "create" in definition
        ? definition.create
        : trainsOnly;
  const calls = { create, train } as Pick<Algorithm, "create" | "train">;
  return Object.freeze({ kind: "nas-harness/algorithm", ...calls });
}

function trainsOnly(): never {
  throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
    what: "the algorithm trains and proposes nothing, but its manifest does not say so",
    allowed: '"needs": ["training"] in the manifest of an algorithm that is defined by train',
    next: "correct the manifest",
  });
}

/** A proposal: train this architecture for so many epochs. */
export function propose(architecture: Architecture, epochs: number): Proposal {
  return { architecture, epochs };
}

/** True for what {@link defineAlgorithm} returns. */
export function isAlgorithm(value: unknown): value is Algorithm {
  const candidate = value as Algorithm | null;
  return typeof candidate === "object" && candidate?.kind === "nas-harness/algorithm";
}
