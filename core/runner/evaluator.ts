import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Constraints } from "../costs/constraints.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import type { Evaluation, Proposal } from "../plugins/algorithm.ts";
import type { HookTable, Refusal, RunName } from "../plugins/hooks.ts";
import { BudgetLedger } from "../protocols/ledger.ts";
import { trialChooser } from "../random/seed.ts";
import { formatArchitecture, isArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { ACCURACY_UNITS, type EvaluationTable } from "./evaluation-table.ts";

/** Architecture, epochs, trial seed (null: unknown or a mean), accuracy in 1e-4 percent, cost in ms. */
export type TraceEntry = [number, number, number | null, number, number];

/** Why a run can go on or not after a proposal. */
export type Outcome = "evaluated" | "evaluated-and-over" | "over";

/** A short text of anything, for messages. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : messageOf(value);
  return text.length > 80 ? `${text.slice(0, 77)}...`.toWellFormed() : text;
}

/**
 * One run's evaluations behind their guards: space, split, epochs, constraints, budget, then the taps of `proposed`. Nothing
 * here can be switched off.
 */
export class Evaluator {
  readonly ledger: BudgetLedger;
  readonly trace: TraceEntry[] = [];
  /** The refusal that ended the run, if one did. */
  refusal: Refusal | null = null;
  /** The result of the last proposal that was evaluated. */
  last: Evaluation | null = null;
  readonly #search: ProtocolSearch;
  readonly #table: EvaluationTable;
  readonly #chooseTrial: ReturnType<typeof trialChooser> | null;
  readonly #repetitions: Uint16Array | null;
  readonly #hooks: HookTable;
  readonly #run: RunName;
  readonly #constraints: Constraints | undefined;
  readonly #watch: { readonly proposed: boolean; readonly evaluated: boolean; readonly incumbent: boolean };
  #best = Number.NEGATIVE_INFINITY;

  constructor(
    search: ProtocolSearch,
    table: EvaluationTable,
    seed: string,
    hooks: HookTable,
    run: RunName,
    constraints?: Constraints,
  ) {
    this.#constraints = constraints;
    this.ledger = new BudgetLedger(search.budget);
    this.#search = search;
    this.#table = table;
    this.#chooseTrial = search.trials === "random" ? trialChooser(seed) : null;
    this.#repetitions = search.trials === "random" ? new Uint16Array(ARCHITECTURE_COUNT) : null;
    this.#hooks = hooks;
    this.#run = run;
    this.#watch = {
      proposed: hooks.isUsed("proposed"),
      evaluated: hooks.isUsed("evaluated"),
      incumbent: hooks.isUsed("incumbentChanged"),
    };
  }

  /**
   * Takes a proposal through the guards; evaluates and charges it if it passes.
   * @throws NAS_PROPOSAL_INVALID, NAS_PROPOSAL_EPOCHS, NAS_PROPOSAL_SPLIT, NAS_CONSTRAINT_VIOLATED, NAS_BUDGET_EXCEEDED, NAS_HOOK
   */
  evaluate(proposal: Proposal): Outcome {
    this.#checkShape(proposal);
    // Read once: a getter could answer differently the next time.
    const architecture = proposal.architecture;
    const epochs = proposal.epochs;
    if (!isArchitecture(architecture)) throw this.#badArchitecture(architecture);
    const accuracies = this.#table.accuracy.get(epochs);
    const costs = this.#table.costMs.get(epochs);
    if (accuracies === undefined || costs === undefined) throw this.#badEpochs(epochs);
    this.requireAllowed(architecture, "proposed");

    const slot = this.#slotOf(architecture);
    const costMs = costs[slot] as number;
    const crosses = this.ledger.admit(epochs, costMs) === "crosses";
    if (crosses && this.ledger.pricesAreKnown) throw this.#overdrawn(architecture, epochs);
    if (crosses && this.#search.budget.crossing === "reject") return "over";
    if (this.#watch.proposed) {
      const copy = Object.freeze({ architecture, epochs });
      this.refusal = this.#hooks.refusalOf({ run: this.#run, proposal: copy }) ?? null;
      if (this.refusal !== null) return "over";
    }

    this.ledger.charge(epochs, costMs);
    if (this.#repetitions !== null) (this.#repetitions[architecture] as number)++;
    const units = accuracies[slot] as number;
    const trialSeed = this.#table.trialSeed[slot] as number;
    this.trace.push([architecture, epochs, trialSeed < 0 ? null : trialSeed, units, costMs]);
    this.last = Object.freeze({
      validAccuracy: units / ACCURACY_UNITS,
      costMs,
      spentMs: this.ledger.spentMs,
      remaining: this.ledger.remaining,
    });
    if (this.#watch.evaluated || this.#watch.incumbent) this.#announce(architecture, epochs, units);
    return crosses ? "evaluated-and-over" : "evaluated";
  }

  /**
   * Demands that an architecture keeps to the search's constraints.
   * @param verb what the method did with it
   * @throws NAS_CONSTRAINT_VIOLATED
   */
  requireAllowed(architecture: number, verb: "proposed" | "answered"): void {
    const violation = this.#constraints === undefined ? null : this.#constraints.violation(architecture);
    if (violation === null) return;
    throw this.#error(
      "NAS_CONSTRAINT_VIOLATED",
      `${verb} an architecture that the protocol's constraints forbid: ${violation}`,
      {
        allowed:
          "architectures for which context.constraints.allows(architecture) is true: what context.space draws is; what a method builds itself it has to ask for (drawAllowed)",
      },
    );
  }

  #slotOf(architecture: number): number {
    const first = this.#table.firstSlot[architecture] as number;
    if (this.#chooseTrial === null || this.#repetitions === null) return first;
    const trials = (this.#table.firstSlot[architecture + 1] as number) - first;
    return first + this.#chooseTrial(architecture, this.#repetitions[architecture] as number, trials);
  }

  #announce(architecture: number, epochs: number, units: number): void {
    const last = this.last as Evaluation;
    const event = {
      run: this.#run,
      architecture,
      epochs,
      validAccuracy: last.validAccuracy,
      costMs: last.costMs,
      spentMs: last.spentMs,
    };
    if (this.#watch.evaluated) this.#hooks.call("evaluated", event);
    const counts = this.#search.answerEpochs === "any" || epochs === this.#search.answerEpochs;
    if (!counts || units <= this.#best) return;
    this.#best = units;
    if (this.#watch.incumbent) this.#hooks.call("incumbentChanged", event);
  }

  #checkShape(proposal: Proposal): void {
    if (typeof proposal !== "object" || proposal === null) {
      throw this.#error("NAS_PROPOSAL_INVALID", `proposed ${shown(proposal)}, which is no proposal`, {
        allowed: "an object { architecture, epochs }, or null to end the run",
      });
    }
    const asked = proposal as { dataset?: unknown; split?: unknown; recipe?: unknown };
    for (const field of ["dataset", "split", "recipe"] as const) {
      if (asked[field] !== undefined && asked[field] !== this.#search[field]) {
        throw this.#error("NAS_PROPOSAL_SPLIT", `asked for ${field} ${shown(asked[field])}`, {
          allowed: `only ${field} ${this.#search[field]}: a method never sees another one`,
        });
      }
    }
  }

  #badArchitecture(architecture: unknown): HarnessError {
    return this.#error(
      "NAS_PROPOSAL_INVALID",
      `proposed architecture ${shown(architecture)}, which is not in the space`,
      {
        allowed: `an integer from 0 to ${ARCHITECTURE_COUNT - 1} (the official index; space.parse() reads a string)`,
      },
    );
  }

  #badEpochs(epochs: unknown): HarnessError {
    return this.#error("NAS_PROPOSAL_EPOCHS", `proposed ${shown(epochs)} epochs`, {
      allowed: `the fidelities of protocol ${this.#run.protocol}: ${this.#search.fidelities.join(", ")}`,
    });
  }

  #overdrawn(architecture: number, epochs: number): HarnessError {
    const { kind, limit } = this.ledger.budget;
    return this.#error(
      "NAS_BUDGET_EXCEEDED",
      `proposed ${formatArchitecture(architecture)} for ${epochs} epochs when ${this.ledger.spent} of ${limit} ${kind} were spent`,
      { allowed: `ending the run (null from ask) as soon as context.budget.affords(${epochs}) is false` },
    );
  }

  #error(
    code:
      | "NAS_PROPOSAL_INVALID"
      | "NAS_PROPOSAL_EPOCHS"
      | "NAS_PROPOSAL_SPLIT"
      | "NAS_CONSTRAINT_VIOLATED"
      | "NAS_BUDGET_EXCEEDED",
    what: string,
    details: { allowed: string },
  ): HarnessError {
    const { method, runIndex } = this.#run;
    return new HarnessError(code, {
      what: `${method} ${what}`,
      where: `run ${runIndex}, evaluation ${this.trace.length + 1}`,
      ...details,
      next: `correct the plugin ${method}`,
    });
  }
}
