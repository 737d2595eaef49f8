import type { Answer } from "../../schemas/generated/record.ts";
import { messageOf } from "../errors/harness-error.ts";
import type { Algorithm, AlgorithmContext, Proposal, Searcher } from "../plugins/algorithm.ts";
import { createContext } from "../plugins/context.ts";
import { RELABELLED_SPACE } from "../plugins/relabelled-space.ts";
import { isMutation } from "../plugins/thrown.ts";
import type { BudgetLedger } from "../protocols/ledger.ts";
import { NAS_BENCH_201_SPACE } from "../space/space.ts";
import { ActiveRun, type RunInputs, type RunOutcome } from "./active-run.ts";
import { algorithmFault } from "./algorithm-fault.ts";
import { runConstraints } from "./run-constraints.ts";

function contextOf(inputs: RunInputs, ledger: BudgetLedger): AlgorithmContext {
  const { search, run, seed, options, relabelling } = inputs;
  const { kind, limit } = search.budget;
  return createContext({
    space: relabelling === undefined ? NAS_BENCH_201_SPACE : RELABELLED_SPACE,
    ...runConstraints(inputs),
    seed,
    fidelities: search.fidelities,
    budget: { kind, limit, affords: (epochs: number) => ledger.affords(epochs) },
    options,
    protocol: { id: run.protocol, search: run.search, dataset: search.dataset },
  });
}

function searchLoop(algorithm: Algorithm, active: ActiveRun): readonly Answer[] {
  const { inputs, evaluator } = active;
  let step: "create" | "ask" | "evaluate" | "tell" | "answer" = "create";
  try {
    const searcher: Searcher = algorithm.create(contextOf(inputs, evaluator.ledger));
    for (let over = false; !over; ) {
      step = "ask";
      const proposal: Proposal | null = searcher.ask();
      if (proposal === null) break;
      step = "evaluate";
      const { evaluation, isOver } = active.propose(proposal);
      over = isOver;
      step = "tell";
      if (evaluation !== null) searcher.tell(proposal, evaluation);
    }
    step = "answer";
    const answer = searcher.answer?.() ?? null;
    step = "evaluate";
    return active.answersFor(answer);
  } catch (thrown) {
    // The harness's own steps throw errors that say all themselves; what a plugin throws is the plugin's.
    if (step === "evaluate") throw thrown;
    const fault = { step, message: messageOf(thrown), isMutation: isMutation(thrown), cause: thrown };
    throw algorithmFault(inputs.run, fault, evaluator.trace.length);
  }
}

/**
 * One run from its first ask to its answer. A method that breaks its contract fails its run and nothing else: the failure
 * is part of the outcome. Errors of the harness or of an extension are thrown.
 * @throws NAS_HOOK
 */
export function executeRun(algorithm: Algorithm, inputs: RunInputs): RunOutcome {
  const active = new ActiveRun(inputs);
  let answers: readonly Answer[];
  try {
    answers = searchLoop(algorithm, active);
  } catch (error) {
    return active.fail(error);
  }
  return active.finish(answers);
}
