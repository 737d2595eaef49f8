const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba, 2015, algorithm 1) with its default decays, on parameters that it changes in place. */
export class Adam {
  readonly #parameters: Float64Array;
  readonly #learningRate: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #firstCorrection = 1;
  #secondCorrection = 1;

  /** @param parameters shape [n], changed by {@link step} */
  constructor(parameters: Float64Array, learningRate: number) {
    this.#parameters = parameters;
    this.#learningRate = learningRate;
    this.#first = new Float64Array(parameters.length);
    this.#second = new Float64Array(parameters.length);
  }

  /** One step down the gradient, shape [n]. */
  step(gradient: Float64Array): void {
    // Powers of the decays as running products: the same on every machine.
    this.#firstCorrection *= FIRST_DECAY;
    this.#secondCorrection *= SECOND_DECAY;
    const stepSize = this.#learningRate / (1 - this.#firstCorrection);
    const scale = Math.sqrt(1 - this.#secondCorrection);
    for (let at = 0; at < gradient.length; at++) {
      const slope = gradient[at] as number;
      const first = FIRST_DECAY * (this.#first[at] as number) + (1 - FIRST_DECAY) * slope;
      const second = SECOND_DECAY * (this.#second[at] as number) + (1 - SECOND_DECAY) * slope * slope;
      this.#first[at] = first;
      this.#second[at] = second;
      (this.#parameters[at] as number) -= (stepSize * first) / (Math.sqrt(second) / scale + EPSILON);
    }
  }
}
