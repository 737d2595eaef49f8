import type { Budget } from "../../schemas/generated/protocol.ts";

/** What a proposal does to the budget: it fits, or it crosses the limit. */
export type Admission = "fits" | "crosses";

/**
 * A run's simulated clock and budget. Time comes only from recorded costs; repeated evaluations are charged again in full.
 */
export class BudgetLedger {
  readonly budget: Budget;
  #spentMs = 0;
  #evaluations = 0;
  #epochs = 0;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Simulated milliseconds spent so far. */
  get spentMs(): number {
    return this.#spentMs;
  }

  /** Number of evaluations charged so far. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Spent so far in the budget's own unit. */
  get spent(): number {
    if (this.budget.kind === "simulated-ms") return this.#spentMs;
    return this.budget.kind === "evaluations" ? this.#evaluations : this.#epochs;
  }

  /** What is left in the budget's own unit; negative after a kept crossing. */
  get remaining(): number {
    return this.budget.limit - this.spent;
  }

  /** True where an algorithm knows the price of a proposal beforehand: budgets in evaluations or epochs. */
  get pricesAreKnown(): boolean {
    return this.budget.kind !== "simulated-ms";
  }

  /** Whether an evaluation of this price would stay within the limit. Spending exactly the limit fits. */
  admit(epochs: number, costMs: number): Admission {
    return this.spent + this.#price(epochs, costMs) <= this.budget.limit ? "fits" : "crosses";
  }

  /**
   * Whether an evaluation at these epochs may fit: exact where prices are known, otherwise true as long as anything is left.
   */
  affords(epochs: number): boolean {
    return this.pricesAreKnown ? this.admit(epochs, 0) === "fits" : this.remaining > 0;
  }

  /** Charges an evaluation. */
  charge(epochs: number, costMs: number): void {
    this.#spentMs += costMs;
    this.#evaluations += 1;
    this.#epochs += epochs;
  }

  #price(epochs: number, costMs: number): number {
    if (this.budget.kind === "simulated-ms") return costMs;
    return this.budget.kind === "evaluations" ? 1 : epochs;
  }
}
