import { HarnessError } from "../errors/harness-error.ts";

/** Epochs in a row with more memory than the one before from which it is a leak. */
const GROWING_EPOCHS = 3;

/** Watches the number of tensors after each epoch: a method must not hold more with every one. */
export class MemoryGrowth {
  #last: number | null = null;
  #growing = 0;
  #first = 0;

  /** @param tensors after an epoch. @throws NAS_TRAINING_LEAK */
  after(tensors: number): void {
    if (this.#last !== null && tensors > this.#last) {
      if (this.#growing === 0) this.#first = this.#last;
      this.#growing++;
    } else {
      this.#growing = 0;
    }
    this.#last = tensors;
    if (this.#growing < GROWING_EPOCHS) return;
    throw new HarnessError("NAS_TRAINING_LEAK", {
      what: `the method holds more tensors with every epoch: ${tensors - this.#first} more after ${GROWING_EPOCHS} epochs`,
      allowed: "as many after every epoch; supernets are made once, when a run starts",
      next: "let the plugin dispose what it makes",
    });
  }
}
