import { elementary, type Random } from "nas-harness";

const INITIAL_SCALE = 1e-3;

/** Independent categorical distributions, one an edge, as softmax over logits. */
export class Policy {
  /** Logits, shape [edges x operations], edge after edge. */
  readonly logits: Float64Array;
  readonly #operations: number;
  readonly #probabilities: Float64Array;

  constructor(edges: number, operations: number, random: Random) {
    this.#operations = operations;
    this.logits = Float64Array.from({ length: edges * operations }, () => INITIAL_SCALE * random.normal());
    this.#probabilities = new Float64Array(edges * operations);
  }

  /** Draws one choice an edge, shape [edges]. The probabilities that it used stay for {@link lossGradient}. */
  sample(random: Random): number[] {
    const choices: number[] = [];
    for (let start = 0; start < this.logits.length; start += this.#operations) {
      this.#softmax(start);
      choices.push(this.#draw(start, random.uniform()));
    }
    return choices;
  }

  /** Gradient of `-log p(choices) x advantage` with respect to the logits, shape [edges x operations]. */
  lossGradient(choices: readonly number[], advantage: number): Float64Array {
    const gradient = this.#probabilities.map((probability) => probability * advantage);
    choices.forEach((choice, edge) => {
      (gradient[edge * this.#operations + choice] as number) -= advantage;
    });
    return gradient;
  }

  #softmax(start: number): void {
    const end = start + this.#operations;
    let largest = Number.NEGATIVE_INFINITY;
    for (let at = start; at < end; at++) largest = Math.max(largest, this.logits[at] as number);
    let total = 0;
    for (let at = start; at < end; at++) {
      const weight = elementary.exp((this.logits[at] as number) - largest);
      this.#probabilities[at] = weight;
      total += weight;
    }
    for (let at = start; at < end; at++) (this.#probabilities[at] as number) /= total;
  }

  #draw(start: number, uniform: number): number {
    let reached = 0;
    for (let choice = 0; choice < this.#operations - 1; choice++) {
      reached += this.#probabilities[start + choice] as number;
      if (uniform < reached) return choice;
    }
    return this.#operations - 1;
  }
}
