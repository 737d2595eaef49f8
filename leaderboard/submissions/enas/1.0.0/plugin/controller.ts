import { largestOfEach, type Random, softmax } from "nas-harness";
import { tanh } from "./activations.ts";
import type { ControllerParameters, ControllerShape } from "./controller-parameters.ts";
import { LstmLayer } from "./lstm-layer.ts";

/** How a controller turns hidden states into logits. */
export interface LogitSettings {
  /** Logits stay between minus this and this. */
  readonly tanhConstant: number;
  /** What logits are divided by before their tanh. */
  readonly temperature: number;
}

/** How an edge's operation is chosen, from the probabilities of its operations (shape [operations]). */
export type Choose = (probabilities: Float64Array, edge: number) => number;

/** A chosen architecture. */
export interface Sample {
  /** Positions of operations, shape [edges]. */
  readonly choices: readonly number[];
  /** Log-probability of all choices together, in nats. */
  readonly logProbability: number;
  /** Sum of the entropies of the edges' distributions, in nats: from 0 to edges x ln(operations). */
  readonly entropy: number;
}

/** Chooses by the probabilities. One uniform number an edge. */
export function drawn(random: Random): Choose {
  return (probabilities) => {
    const uniform = random.uniform();
    const last = probabilities.length - 1;
    let reached = 0;
    for (let choice = 0; choice < last; choice++) {
      reached += probabilities[choice] as number;
      if (uniform < reached) return choice;
    }
    return last;
  };
}

/** Chooses the most probable operation of each edge, the first of equals. */
export const mostProbable: Choose = (probabilities) => largestOfEach(probabilities, probabilities.length)[0] as number;

/**
 * ENAS's controller: an LSTM with one step an edge, whose input is the embedding of the operation chosen before (Pham et al.,
 * 2018, section 2.1; AutoDL-Projects, `search_model_enas_utils.py`, Controller). It keeps what its last run computed.
 */
export class Controller {
  readonly #shape: ControllerShape;
  readonly #settings: LogitSettings;
  readonly #parameters: ControllerParameters;
  readonly #layers: readonly LstmLayer[];
  /** tanh of logits, and probabilities, of the last run, shape [edges x operations]. */
  readonly #tanhs: Float64Array;
  readonly #probabilities: Float64Array;
  #choices: number[] = [];

  /** @param parameters read at each run; who trains them changes them in place */
  constructor(shape: ControllerShape, settings: LogitSettings, parameters: ControllerParameters) {
    this.#shape = shape;
    this.#settings = settings;
    this.#parameters = parameters;
    this.#layers = parameters.layers.map((own) => new LstmLayer(own, shape.units, shape.edges));
    this.#tanhs = new Float64Array(shape.edges * shape.operations);
    this.#probabilities = new Float64Array(shape.edges * shape.operations);
  }

  /** Chooses an operation for each edge in turn. */
  run(choose: Choose): Sample {
    const { edges, operations, units } = this.#shape;
    this.#choices = [];
    let logProbability = 0;
    let entropy = 0;
    for (let edge = 0; edge < edges; edge++) {
      let [inputs, from] = this.#inputOf(edge, this.#parameters);
      for (const layer of this.#layers) {
        layer.forward(edge, inputs, from);
        [inputs, from] = [layer.outputs, edge * units];
      }
      const start = edge * operations;
      const probabilities = this.#distribution(inputs, from, start);
      const choice = choose(probabilities, edge);
      this.#choices.push(choice);
      logProbability += Math.log(probabilities[choice] as number);
      entropy += entropyOf(probabilities);
    }
    return { choices: this.#choices, logProbability, entropy };
  }

  /**
   * Adds the gradient of a function of the last run's log-probability and entropy by all parameters.
   * @param gradient what is added to
   * @param byLogProbability the function's derivative by the log-probability
   * @param byEntropy its derivative by the entropy
   */
  addGradient(gradient: ControllerParameters, byLogProbability: number, byEntropy: number): void {
    const { edges, units } = this.#shape;
    for (const layer of this.#layers) layer.clearGradients();
    for (let edge = edges - 1; edge >= 0; edge--) {
      this.#logitsBackward(edge, gradient, byLogProbability, byEntropy);
      for (let at = this.#layers.length - 1; at >= 0; at--) {
        const below = this.#layers[at - 1];
        const [inputs, from] = below ? ([below.outputs, edge * units] as const) : this.#inputOf(edge, this.#parameters);
        const [target, to] = below ? ([below.outputGradient, edge * units] as const) : this.#inputOf(edge, gradient);
        const [layer, own] = [this.#layers[at] as LstmLayer, gradient.layers[at]];
        if (own !== undefined) layer.backward(edge, inputs, from, own, target, to);
      }
    }
  }

  /** Where an edge's input, or the gradient by it, stands. */
  #inputOf(edge: number, { start, embedding }: ControllerParameters): readonly [values: Float64Array, from: number] {
    return edge === 0 ? [start, 0] : [embedding, (this.#choices[edge - 1] as number) * this.#shape.units];
  }

  /** Probabilities of an edge's operations from the hidden state at `from`; a view of where they are kept. */
  #distribution(hidden: Float64Array, from: number, start: number): Float64Array {
    const { operations, units } = this.#shape;
    const { tanhConstant, temperature } = this.#settings;
    const { outputWeights, outputBias } = this.#parameters;
    const logits = new Float64Array(operations);
    for (let operation = 0; operation < operations; operation++) {
      let sum = outputBias[operation] as number;
      for (let at = 0; at < units; at++) {
        sum += (outputWeights[operation * units + at] as number) * (hidden[from + at] as number);
      }
      const squashed = tanh(sum / temperature);
      this.#tanhs[start + operation] = squashed;
      logits[operation] = tanhConstant * squashed;
    }
    this.#probabilities.set(softmax(logits, operations), start);
    return this.#probabilities.subarray(start, start + operations);
  }

  /** From an edge's log-probability and entropy back to the last layer's output. */
  #logitsBackward(edge: number, gradient: ControllerParameters, byLogProbability: number, byEntropy: number): void {
    const { operations, units } = this.#shape;
    const { tanhConstant, temperature } = this.#settings;
    const top = this.#layers.at(-1) as LstmLayer;
    const start = edge * operations;
    const probabilities = this.#probabilities.subarray(start, start + operations);
    const entropy = entropyOf(probabilities);
    for (let operation = 0; operation < operations; operation++) {
      const probability = probabilities[operation] as number;
      const isChosen = Number(operation === this.#choices[edge]);
      const byLogit =
        byLogProbability * (isChosen - probability) - byEntropy * probability * (Math.log(probability) + entropy);
      const squashed = this.#tanhs[start + operation] as number;
      const slope = (byLogit * tanhConstant * (1 - squashed * squashed)) / temperature;
      (gradient.outputBias[operation] as number) += slope;
      for (let at = 0; at < units; at++) {
        const [row, output] = [operation * units + at, edge * units + at];
        (gradient.outputWeights[row] as number) += slope * (top.outputs[output] as number);
        (top.outputGradient[output] as number) += slope * (this.#parameters.outputWeights[row] as number);
      }
    }
  }
}

/** Entropy in nats. No probability is 0: bounded logits see to that. */
function entropyOf(probabilities: Float64Array): number {
  let entropy = 0;
  for (const probability of probabilities) entropy -= probability * Math.log(probability);
  return entropy;
}
