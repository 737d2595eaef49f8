import { HarnessError } from "../../errors/harness-error.ts";

/** Constants of the cost model: microseconds of a forward pass of one image. */
export interface PassCost {
  /** Whatever the network is. */
  readonly fixedUs: number;
  /** For each million of multiply-accumulates. */
  readonly usPerMegaMac: number;
}

/**
 * What forward passes cost where a table says nothing of it: the constants that were fitted for `fashion-mnist-8x8`
 * (its table-plan.json says how).
 */
export const DEFAULT_PASS_COST: PassCost = { fixedUs: 6.95, usPerMegaMac: 30.81 };

/** The simulated clock of a run that trains: every call of a supernet is charged before it computes. */
export class TrainingClock {
  readonly #cost: PassCost;
  readonly #limitMs: number | null;
  // Microseconds: many small charges must not each be rounded up to a millisecond.
  #spentUs = 0;

  /** @param limitMs the protocol's trainingBudget; null: no limit */
  constructor(cost: PassCost, limitMs: number | null) {
    this.#cost = cost;
    this.#limitMs = limitMs;
  }

  /** What was charged, in whole simulated milliseconds. */
  get spentMs(): number {
    return Math.round(this.#spentUs / 1000);
  }

  /**
   * Charges forward passes of so many images.
   * @param macs multiply-accumulates of one image
   * @throws NAS_TRAINING_BUDGET if they don't fit; nothing is charged then
   */
  charge(passes: number, macs: number): void {
    const next = this.#spentUs + passes * (this.#cost.fixedUs + (this.#cost.usPerMegaMac * macs) / 1e6);
    if (this.#limitMs !== null && next > this.#limitMs * 1000) {
      throw new HarnessError("NAS_TRAINING_BUDGET", {
        what: `the method wants to train for more than the protocol's training budget of ${this.#limitMs} simulated ms (${this.spentMs} ms are spent)`,
        allowed: `calls that cost ${this.#limitMs} simulated ms together; context.training.spentMs says what is spent`,
        next: "let the method train for fewer epochs or on fewer images",
      });
    }
    this.#spentUs = next;
  }

  /** For a checkpoint. */
  save(): number {
    return this.#spentUs;
  }

  /** Takes back what {@link save} gave. */
  restore(spentUs: number): void {
    this.#spentUs = spentUs;
  }
}
