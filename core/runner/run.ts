import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Answer, RunFailure } from "../../schemas/generated/record.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import type { Algorithm, AlgorithmContext, Proposal, Searcher } from "../plugins/algorithm.ts";
import type { HookTable, RunName } from "../plugins/hooks.ts";
import type { BudgetLedger } from "../protocols/ledger.ts";
import { Random } from "../random/random.ts";
import { isArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { NAS_BENCH_201_SPACE } from "../space/space.ts";
import { defaultAnswer } from "./answer.ts";
import type { EvaluationTable } from "./evaluation-table.ts";
import { Evaluator, type TraceEntry } from "./evaluator.ts";

/** What a run needs besides its method. */
export interface RunInputs {
  readonly run: RunName;
  /** The run's seed, 64 hexadecimal digits. */
  readonly seed: string;
  readonly search: ProtocolSearch;
  readonly table: EvaluationTable;
  /** The method's options, frozen. */
  readonly options: Record<string, unknown>;
  readonly hooks: HookTable;
}

/** What a run leaves behind; everything in it but nothing else reaches the record. */
export interface RunOutcome {
  readonly trace: readonly TraceEntry[];
  /** One answer, two where the protocol interpolates, none if the run failed. */
  readonly answers: readonly Answer[];
  /** Extensions that refused a proposal. */
  readonly refusedBy: readonly string[];
  readonly failure: RunFailure | null;
}

const MUTATION = /read only property|object is not extensible|Cannot (delete|redefine) property/;

/** The error for what an algorithm threw; a change to a frozen input is called by its name. */
function blame(run: RunName, step: string, thrown: unknown, evaluations: number): HarnessError {
  const mutated = thrown instanceof TypeError && MUTATION.test(thrown.message);
  return new HarnessError(mutated ? "NAS_ALGORITHM_MUTATED" : "NAS_ALGORITHM_THREW", {
    what: mutated
      ? `${run.method} tried to change what the harness gave it: ${thrown.message}`
      : `${run.method} threw in ${step}: ${messageOf(thrown)}`,
    where: `run ${run.runIndex}, after ${evaluations} evaluations`,
    ...(mutated ? { allowed: "reading; context, options and evaluations are frozen" } : {}),
    next: `correct the plugin ${run.method}`,
    cause: thrown,
  });
}

function createContext(inputs: RunInputs, ledger: BudgetLedger): AlgorithmContext {
  const { search, run } = inputs;
  const fidelities = Object.freeze([...search.fidelities].sort((a, b) => a - b));
  return Object.freeze({
    space: NAS_BENCH_201_SPACE,
    random: Object.freeze(new Random(inputs.seed)) as Random,
    fidelities,
    maxEpochs: fidelities.at(-1) as number,
    budget: Object.freeze({
      kind: search.budget.kind,
      limit: search.budget.limit,
      affords: (epochs: number) => ledger.affords(epochs),
    }),
    options: inputs.options,
    protocol: Object.freeze({ id: run.protocol, search: run.search, dataset: search.dataset }),
  });
}

function searchLoop(algorithm: Algorithm, inputs: RunInputs, evaluator: Evaluator): readonly Answer[] {
  let step: "create" | "ask" | "evaluate" | "tell" | "answer" = "create";
  try {
    const searcher: Searcher = algorithm.create(createContext(inputs, evaluator.ledger));
    for (let over = false; !over; ) {
      step = "ask";
      const proposal: Proposal | null = searcher.ask();
      if (proposal === null) break;
      step = "evaluate";
      const outcome = evaluator.evaluate(proposal);
      over = outcome !== "evaluated";
      if (outcome === "over") break;
      step = "tell";
      if (evaluator.last !== null) searcher.tell(proposal, evaluator.last);
    }
    step = "answer";
    const answer = searcher.answer?.() ?? null;
    step = "evaluate";
    if (answer === null) return defaultAnswer(evaluator.trace, inputs.search);
    if (isArchitecture(answer)) return [{ architecture: answer, weight: 1 }];
    throw new HarnessError("NAS_ALGORITHM_ANSWER", {
      what: `${inputs.run.method} answered ${messageOf(answer)}, which is not an architecture`,
      where: `run ${inputs.run.runIndex}`,
      allowed: `an integer from 0 to ${ARCHITECTURE_COUNT - 1}, or null for the best evaluation`,
      next: `correct the plugin ${inputs.run.method}`,
    });
  } catch (thrown) {
    // The harness's own steps throw errors that say all themselves; what a plugin throws is the plugin's.
    throw step === "evaluate" ? thrown : blame(inputs.run, step, thrown, evaluator.trace.length);
  }
}

/**
 * One run from its first ask to its answer. A method that breaks its contract fails its run and nothing else: the failure
 * is part of the outcome. Errors of the harness or of an extension are thrown.
 * @throws NAS_HOOK
 */
export function executeRun(algorithm: Algorithm, inputs: RunInputs): RunOutcome {
  const { run, hooks } = inputs;
  const evaluator = new Evaluator(inputs.search, inputs.table, inputs.seed, hooks, run);
  if (hooks.isUsed("runStarted")) hooks.call("runStarted", { ...run });
  let answers: readonly Answer[] = [];
  let failure: RunFailure | null = null;
  try {
    answers = searchLoop(algorithm, inputs, evaluator);
    if (answers.length === 0) {
      throw new HarnessError("NAS_ALGORITHM_ANSWER", {
        what: `${run.method} ended without an answer: nothing was evaluated at ${inputs.search.answerEpochs} epochs`,
      });
    }
  } catch (error) {
    if (!(error instanceof HarnessError) || error.exitCode !== 3 || error.code === "NAS_HOOK") throw error;
    const { what, where } = error.details;
    failure = { code: error.code, what: where === undefined ? what : `${what} (${where})` };
  }
  if (hooks.isUsed("runFinished")) {
    hooks.call("runFinished", { run, evaluations: evaluator.trace.length, failed: failure !== null });
  }
  const refusedBy = evaluator.refusal === null ? [] : [evaluator.refusal.by];
  return { trace: evaluator.trace, answers, refusedBy, failure };
}
