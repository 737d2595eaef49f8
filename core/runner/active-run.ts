import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Answer, RunFailure, TrainingTrace } from "../../schemas/generated/record.ts";
import type { Constraints } from "../costs/constraints.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import type { Evaluation, Proposal } from "../plugins/algorithm.ts";
import type { HookTable, RunName } from "../plugins/hooks.ts";
import { type Architecture, isArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import type { Relabelling } from "../space/relabelling.ts";
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
  /** Other names under which the method sees edges and operations; the trace and the answers hold the true ones. */
  readonly relabelling?: Relabelling;
  /** What the search's constraints allow; absent where it has none. */
  readonly constraints?: Constraints;
}

/**
 * An epoch of a run that trains: the architecture that it would answer, simulated ms so far, SHA-256 of the weights and of
 * the architecture parameters.
 */
export type TrainingEpoch = TrainingTrace["epochs"][number];

/** What a run leaves behind; everything in it but nothing else reaches the record. */
export interface RunOutcome {
  readonly trace: readonly TraceEntry[];
  /** One answer, two where the protocol interpolates, none if the run failed. */
  readonly answers: readonly Answer[];
  /** Extensions that refused a proposal. */
  readonly refusedBy: readonly string[];
  readonly failure: RunFailure | null;
  /** Only of a method that trains. */
  readonly training?: TrainingTrace;
  /** Only of a run that a check stopped before its end: epochs that it trained. No record is made of it. */
  readonly stoppedAfter?: number;
}

/** What a proposal led to. */
export interface Step {
  /** What the method is told; null if the proposal was not taken. */
  readonly evaluation: Evaluation | null;
  /** True if no further proposal is taken: the method is asked for its answer. */
  readonly isOver: boolean;
}

/**
 * A run from outside of its method, step by step: proposals go in, evaluations come out. It does not matter whether the
 * method is called in this process or sends messages through a pipe.
 */
export class ActiveRun {
  readonly inputs: RunInputs;
  readonly evaluator: Evaluator;

  /** Starts the run. @throws NAS_HOOK */
  constructor(inputs: RunInputs) {
    this.inputs = inputs;
    const { run, hooks } = inputs;
    this.evaluator = new Evaluator(inputs.search, inputs.table, inputs.seed, hooks, run, inputs.constraints);
    if (hooks.isUsed("runStarted")) hooks.call("runStarted", { ...run });
  }

  /** Takes a proposal through the guards. @throws NAS_PROPOSAL_INVALID and the other guards' errors, NAS_HOOK */
  propose(proposal: Proposal): Step {
    const outcome = this.evaluator.evaluate(this.#trueProposal(proposal));
    return { evaluation: outcome === "over" ? null : this.evaluator.last, isOver: outcome !== "evaluated" };
  }

  /**
   * The run's answers: the method's own, or by the protocol's rule where it gives none.
   * @throws NAS_ALGORITHM_ANSWER, NAS_CONSTRAINT_VIOLATED
   */
  answersFor(answer: unknown): readonly Answer[] {
    const { run, search } = this.inputs;
    const answers = answer === null ? defaultAnswer(this.evaluator.trace, search) : null;
    if (answers === null && isArchitecture(answer)) return [{ architecture: this.#allowedAnswer(answer), weight: 1 }];
    if (answers !== null && answers.length > 0) return answers;
    if (answers === null) {
      throw new HarnessError("NAS_ALGORITHM_ANSWER", {
        what: `${run.method} answered ${messageOf(answer)}, which is not an architecture`,
        where: `run ${run.runIndex}`,
        allowed: `an integer from 0 to ${ARCHITECTURE_COUNT - 1}, or null for the best evaluation`,
        next: `correct the plugin ${run.method}`,
      });
    }
    throw new HarnessError("NAS_ALGORITHM_ANSWER", {
      what: `${run.method} ended without an answer: nothing was evaluated at ${search.answerEpochs} epochs`,
    });
  }

  /** Ends the run with its answers. @throws NAS_HOOK */
  finish(answers: readonly Answer[]): RunOutcome {
    return this.#end(answers, null);
  }

  /**
   * Ends the run that broke its contract. Errors of the harness or of an extension are no failure of the run: they are
   * thrown again.
   */
  fail(error: unknown): RunOutcome {
    if (!(error instanceof HarnessError) || error.exitCode !== 3 || error.code === "NAS_HOOK") throw error;
    const { what, where } = error.details;
    return this.#end([], { code: error.code, what: where === undefined ? what : `${what} (${where})` });
  }

  #allowedAnswer(answer: Architecture): Architecture {
    const architecture = this.#trueName(answer);
    this.evaluator.requireAllowed(architecture, "answered");
    return architecture;
  }

  #trueName(architecture: Architecture): Architecture {
    return this.inputs.relabelling?.toTrue(architecture) ?? architecture;
  }

  #trueProposal(proposal: Proposal): Proposal {
    // What is no proposal, or names no architecture, is the guards' business.
    if (this.inputs.relabelling === undefined || !isArchitecture(proposal?.architecture)) return proposal;
    return { ...proposal, architecture: this.#trueName(proposal.architecture) };
  }

  #end(answers: readonly Answer[], failure: RunFailure | null): RunOutcome {
    const { run, hooks } = this.inputs;
    const { trace, refusal } = this.evaluator;
    if (hooks.isUsed("runFinished")) {
      hooks.call("runFinished", { run, evaluations: trace.length, failed: failure !== null });
    }
    return { trace, answers, refusedBy: refusal === null ? [] : [refusal.by], failure };
  }
}
