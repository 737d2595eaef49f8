/** Settings of {@link Adam}. */
export interface AdamSettings {
  readonly learningRate: number;
  /** Decays of the first and second moment. */
  readonly betas: readonly [first: number, second: number];
  /** Added to the root of the second moment. */
  readonly epsilon: number;
  /** Added to gradients as weightDecay x parameter, as PyTorch's Adam does. */
  readonly weightDecay: number;
}

/** What {@link Adam.save} gives and {@link Adam.restore} takes. */
export interface AdamState {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly corrections: readonly [first: number, second: number];
}

/** Adam (Kingma and Ba, 2015, algorithm 1) on parameters that it changes in place. */
export class Adam {
  readonly #parameters: Float64Array;
  readonly #settings: AdamSettings;
  #first: Float64Array;
  #second: Float64Array;
  // Powers of the decays as running products: the same on every machine.
  #corrections: [number, number] = [1, 1];

  /** @param parameters shape [n], changed by {@link step} */
  constructor(parameters: Float64Array, settings: AdamSettings) {
    this.#parameters = parameters;
    this.#settings = settings;
    this.#first = new Float64Array(parameters.length);
    this.#second = new Float64Array(parameters.length);
  }

  /** One step down the gradient, shape [n]. */
  step(gradient: ArrayLike<number>): void {
    const { learningRate, betas, epsilon, weightDecay } = this.#settings;
    const [firstDecay, secondDecay] = betas;
    this.#corrections = [this.#corrections[0] * firstDecay, this.#corrections[1] * secondDecay];
    const stepSize = learningRate / (1 - this.#corrections[0]);
    const scale = Math.sqrt(1 - this.#corrections[1]);
    for (let at = 0; at < this.#parameters.length; at++) {
      const slope = (gradient[at] as number) + weightDecay * (this.#parameters[at] as number);
      const first = firstDecay * (this.#first[at] as number) + (1 - firstDecay) * slope;
      const second = secondDecay * (this.#second[at] as number) + (1 - secondDecay) * slope * slope;
      this.#first[at] = first;
      this.#second[at] = second;
      (this.#parameters[at] as number) -= (stepSize * first) / (Math.sqrt(second) / scale + epsilon);
    }
  }

  /** A copy of the moments, for a checkpoint. */
  save(): AdamState {
    return { first: this.#first.slice(), second: this.#second.slice(), corrections: [...this.#corrections] };
  }

  /** Takes back what {@link save} gave. */
  restore({ first, second, corrections }: AdamState): void {
    this.#first = first.slice();
    this.#second = second.slice();
    this.#corrections = [corrections[0], corrections[1]];
  }
}
