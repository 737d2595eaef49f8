import type { Random } from "nas-harness";

/** Range of what the authors' controller draws from U(-0.1, 0.1). */
const DRAWN_RANGE = 0.1;

/** Size of a controller. */
export interface ControllerShape {
  /** Steps of the sequence, one an edge. */
  readonly edges: number;
  /** Choices of each step. */
  readonly operations: number;
  /** Values of a hidden state, and of an input: U. */
  readonly units: number;
  /** LSTM layers, one on another. */
  readonly layers: number;
}

/** Parameters of an LSTM layer, or their gradients: rows are input, forget, cell and output gates of all units. */
export interface LstmParameters {
  /** Shape [4 U x U], row after row. */
  readonly inputWeights: Float64Array;
  /** Shape [4 U x U], row after row. */
  readonly hiddenWeights: Float64Array;
  /** Shape [4 U]. There are two biases as in PyTorch: both are added, and Adam moves both. */
  readonly inputBias: Float64Array;
  /** Shape [4 U]. */
  readonly hiddenBias: Float64Array;
}

/** All parameters of a controller, or a gradient by them: one vector and views of its parts. */
export class ControllerParameters {
  /** Shape [n]: the parts below in their order. */
  readonly all: Float64Array;
  /** Input of the first step, shape [U]. */
  readonly start: Float64Array;
  readonly layers: readonly LstmParameters[];
  /** Inputs of the other steps, by the choice before, shape [operations x U]. */
  readonly embedding: Float64Array;
  /** Shape [operations x U]. */
  readonly outputWeights: Float64Array;
  /** Shape [operations]. */
  readonly outputBias: Float64Array;
  readonly #units: number;

  /** All zeros. */
  constructor({ operations, units, layers }: ControllerShape) {
    this.#units = units;
    const weights = 4 * units * units;
    this.all = new Float64Array(units + layers * (2 * weights + 8 * units) + 2 * operations * units + operations);
    let from = 0;
    const part = (count: number) => {
      from += count;
      return this.all.subarray(from - count, from);
    };
    this.start = part(units);
    this.layers = Array.from({ length: layers }, () => ({
      inputWeights: part(weights),
      hiddenWeights: part(weights),
      inputBias: part(4 * units),
      hiddenBias: part(4 * units),
    }));
    this.embedding = part(operations * units);
    this.outputWeights = part(operations * units);
    this.outputBias = part(operations);
  }

  /**
   * Draws initial values: uniformly from -0.1 to 0.1, but biases and the layers above the first, which the authors leave to
   * PyTorch, from -1 / sqrt(U) to 1 / sqrt(U) (AutoDL-Projects, `search_model_enas_utils.py`, Controller).
   */
  draw(random: Random): void {
    const fill = (part: Float64Array, range: number) => {
      for (let at = 0; at < part.length; at++) part[at] = range * (2 * random.uniform() - 1);
    };
    const byUnits = 1 / Math.sqrt(this.#units);
    fill(this.start, DRAWN_RANGE);
    this.layers.forEach(({ inputWeights, hiddenWeights, inputBias, hiddenBias }, layer) => {
      for (const weights of [inputWeights, hiddenWeights]) fill(weights, layer === 0 ? DRAWN_RANGE : byUnits);
      for (const bias of [inputBias, hiddenBias]) fill(bias, byUnits);
    });
    fill(this.embedding, DRAWN_RANGE);
    fill(this.outputWeights, DRAWN_RANGE);
    fill(this.outputBias, byUnits);
  }
}
