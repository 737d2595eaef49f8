import type { Random } from "../../random/random.ts";
import type { Space } from "../../space/space.ts";
import { Adam, type AdamState } from "./adam.ts";
import { largestOfEach, softmax } from "./softmax.ts";

/** Standard deviation of the initial values (AutoDL-Projects, `xautodl/models/cell_searchs/`). */
const INITIAL_SCALE = 1e-3;

/** How architecture parameters are trained. */
export interface ArchitectureSettings {
  readonly archLearningRate: number;
  /** Decays of Adam's moments. */
  readonly archBetas: readonly [first: number, second: number];
  readonly archWeightDecay: number;
}

const EPSILON = 1e-8;

/** What {@link ArchitectureParameters.save} gives. */
export interface ArchitectureParametersState {
  readonly values: Float64Array;
  readonly optimiser: AdamState;
}

/** One parameter for each operation on each edge, as differentiable methods have them, and the Adam that moves them. */
export class ArchitectureParameters {
  /** Shape [edges x operations]: operation o of edge e stands at e x operations + o. */
  readonly values: Float64Array;
  readonly #operations: number;
  readonly #optimiser: Adam;

  constructor({ edges, operations }: Space, settings: ArchitectureSettings, random: Random) {
    this.#operations = operations.length;
    const length = edges.length * operations.length;
    this.values = Float64Array.from({ length }, () => INITIAL_SCALE * random.normal());
    this.#optimiser = new Adam(this.values, {
      learningRate: settings.archLearningRate,
      betas: settings.archBetas,
      epsilon: EPSILON,
      weightDecay: settings.archWeightDecay,
    });
  }

  /** Softmax over the operations of each edge, in the shape of the values. */
  probabilities(): Float64Array {
    return softmax(this.values, this.#operations);
  }

  /** The most probable operation of each edge, shape [edges]. */
  choices(): number[] {
    return largestOfEach(this.values, this.#operations);
  }

  /** Moves the values down a gradient of their shape. */
  step(gradient: ArrayLike<number>): void {
    this.#optimiser.step(gradient);
  }

  /** For a checkpoint. */
  save(): ArchitectureParametersState {
    return { values: this.values.slice(), optimiser: this.#optimiser.save() };
  }

  /** Takes back what {@link save} gave. */
  restore({ values, optimiser }: ArchitectureParametersState): void {
    this.values.set(values);
    this.#optimiser.restore(optimiser);
  }
}
