import { sigmoid, tanh } from "./activations.ts";
import type { LstmParameters } from "./controller-parameters.ts";

/**
 * One LSTM layer (Hochreiter and Schmidhuber, 1997, with forget gates, as PyTorch's LSTM), whose input has as many values as
 * its state, U. It keeps what its last pass forward computed; hidden and cell state are zero before step 0.
 */
export class LstmLayer {
  /** Hidden states of the last pass, shape [steps x U]. */
  readonly outputs: Float64Array;
  /** Gradient by {@link outputs}, shape [steps x U]: whoever uses outputs adds theirs before {@link backward}. */
  readonly outputGradient: Float64Array;
  readonly #parameters: LstmParameters;
  readonly #units: number;
  /** Gates after their activation, shape [steps x 4 U]: input, forget, cell, output. */
  readonly #gates: Float64Array;
  /** Cell states and their tanh, shape [steps x U]. */
  readonly #cells: Float64Array;
  readonly #cellTanh: Float64Array;
  /** Gradient by the cell state of the step at hand, shape [U]. */
  readonly #cellGradient: Float64Array;
  /** Gradient by the gates of the step at hand before their activation, shape [4 U]. */
  readonly #gateGradient: Float64Array;

  constructor(parameters: LstmParameters, units: number, steps: number) {
    this.#parameters = parameters;
    this.#units = units;
    const values = () => new Float64Array(steps * units);
    [this.outputs, this.outputGradient, this.#cells, this.#cellTanh] = [values(), values(), values(), values()];
    this.#gates = new Float64Array(steps * 4 * units);
    this.#cellGradient = new Float64Array(units);
    this.#gateGradient = new Float64Array(4 * units);
  }

  /**
   * Computes a step; steps come in order.
   * @param inputs the step's input is what stands here from `from` on, U values
   */
  forward(step: number, inputs: Float64Array, from: number): void {
    const units = this.#units;
    const block = units * units;
    const { inputWeights, hiddenWeights, inputBias, hiddenBias } = this.#parameters;
    const [outputs, gates, cells] = [this.outputs, this.#gates, this.#cells];
    const before = (step - 1) * units;
    for (let unit = 0; unit < units; unit++) {
      // The four gates of a unit together: four independent sums keep the processor busy.
      let input = (inputBias[unit] as number) + (hiddenBias[unit] as number);
      let forget = (inputBias[units + unit] as number) + (hiddenBias[units + unit] as number);
      let cell = (inputBias[2 * units + unit] as number) + (hiddenBias[2 * units + unit] as number);
      let output = (inputBias[3 * units + unit] as number) + (hiddenBias[3 * units + unit] as number);
      let row = unit * units;
      for (let at = 0; at < units; at++, row++) {
        const value = inputs[from + at] as number;
        input += (inputWeights[row] as number) * value;
        forget += (inputWeights[block + row] as number) * value;
        cell += (inputWeights[2 * block + row] as number) * value;
        output += (inputWeights[3 * block + row] as number) * value;
      }
      row = unit * units;
      for (let at = 0; step > 0 && at < units; at++, row++) {
        const value = outputs[before + at] as number;
        input += (hiddenWeights[row] as number) * value;
        forget += (hiddenWeights[block + row] as number) * value;
        cell += (hiddenWeights[2 * block + row] as number) * value;
        output += (hiddenWeights[3 * block + row] as number) * value;
      }
      [input, forget, cell, output] = [sigmoid(input), sigmoid(forget), tanh(cell), sigmoid(output)];
      const gate = 4 * step * units + unit;
      gates[gate] = input;
      gates[gate + units] = forget;
      gates[gate + 2 * units] = cell;
      gates[gate + 3 * units] = output;
      const kept = step > 0 ? forget * (cells[before + unit] as number) : 0;
      const at = step * units + unit;
      const state = kept + input * cell;
      const activated = tanh(state);
      cells[at] = state;
      this.#cellTanh[at] = activated;
      outputs[at] = output * activated;
    }
  }

  /** Forgets gradients: before {@link outputGradient} is filled and the last step goes backward. */
  clearGradients(): void {
    this.outputGradient.fill(0);
    this.#cellGradient.fill(0);
  }

  /**
   * Takes a step of the last pass back; steps come in falling order. Adds to the gradients of the parameters, of the step's
   * input and of the output of the step before.
   * @param inputs as for {@link forward}
   * @param inputGradient the gradient by the input is added to what stands here from `to` on, U values
   */
  backward(
    step: number,
    inputs: Float64Array,
    from: number,
    gradient: LstmParameters,
    inputGradient: Float64Array,
    to: number,
  ): void {
    const units = this.#units;
    this.#gateSlopes(step);
    const { inputWeights, hiddenWeights } = this.#parameters;
    const [outputs, outputGradient] = [this.outputs, this.outputGradient];
    const before = (step - 1) * units;
    for (let gate = 0, row = 0; gate < 4 * units; gate++, row += units) {
      const slope = this.#gateGradient[gate] as number;
      (gradient.inputBias[gate] as number) += slope;
      (gradient.hiddenBias[gate] as number) += slope;
      for (let at = 0; at < units; at++) {
        (gradient.inputWeights[row + at] as number) += slope * (inputs[from + at] as number);
        (inputGradient[to + at] as number) += slope * (inputWeights[row + at] as number);
      }
      if (step === 0) continue;
      for (let at = 0; at < units; at++) {
        (gradient.hiddenWeights[row + at] as number) += slope * (outputs[before + at] as number);
        (outputGradient[before + at] as number) += slope * (hiddenWeights[row + at] as number);
      }
    }
  }

  /** Fills the gradient by the step's gates before their activation; moves the cell gradient one step back. */
  #gateSlopes(step: number): void {
    const units = this.#units;
    const slopes = this.#gateGradient;
    for (let unit = 0; unit < units; unit++) {
      const at = step * units + unit;
      const gate = 4 * step * units + unit;
      const input = this.#gates[gate] as number;
      const forget = this.#gates[gate + units] as number;
      const cell = this.#gates[gate + 2 * units] as number;
      const output = this.#gates[gate + 3 * units] as number;
      const activated = this.#cellTanh[at] as number;
      const byOutput = this.outputGradient[at] as number;
      const byState = (this.#cellGradient[unit] as number) + byOutput * output * (1 - activated * activated);
      const earlier = step > 0 ? (this.#cells[at - units] as number) : 0;
      slopes[unit] = byState * cell * input * (1 - input);
      slopes[units + unit] = byState * earlier * forget * (1 - forget);
      slopes[2 * units + unit] = byState * input * (1 - cell * cell);
      slopes[3 * units + unit] = byOutput * activated * output * (1 - output);
      this.#cellGradient[unit] = byState * forget;
    }
  }
}
