import { Adam, type AdamState, type Random } from "nas-harness";
import { Baseline } from "./baseline.ts";
import { Controller, drawn, type LogitSettings, mostProbable, type Sample } from "./controller.ts";
import { ControllerParameters, type ControllerShape } from "./controller-parameters.ts";
import { clipGradient } from "./gradient-clipping.ts";
import type { Options } from "./options.ts";

/** Options that the controller and its training use. */
export type ControllerOptions = LogitSettings &
  Pick<
    Options,
    | "hiddenUnits"
    | "layers"
    | "controllerSteps"
    | "samplesPerStep"
    | "controllerLearningRate"
    | "controllerBetas"
    | "controllerEpsilon"
    | "controllerClipNorm"
    | "entropyWeight"
    | "baselineDecay"
    | "carriedBaseline"
  >;

/** What a controller's epoch looked like: means over its samples. */
export interface ControllerEpoch {
  /** 0 to 1. */
  readonly accuracy: number;
  /** Accuracy and the entropy's share. */
  readonly reward: number;
  /** Nats, all edges together. */
  readonly entropy: number;
  /** The baseline that the next epoch starts from. */
  readonly baseline: number;
}

/** What {@link ControllerTraining.save} gives. */
export interface ControllerState {
  readonly parameters: Float64Array;
  readonly adam: AdamState;
  /** The carried baseline; empty before the first epoch's end. */
  readonly baseline: readonly number[];
}

/**
 * A controller and its training by REINFORCE (AutoDL-Projects, `exps/NAS-Bench-201-algos/ENAS.py`, train_controller): a step
 * takes the mean gradient over some samples of -log p x (reward - baseline).
 */
export class ControllerTraining {
  readonly #options: ControllerOptions;
  readonly #random: Random;
  readonly #controller: Controller;
  readonly #parameters: ControllerParameters;
  readonly #gradient: ControllerParameters;
  readonly #adam: Adam;
  readonly #baseline: Baseline;

  /**
   * @param space number of edges and of operations
   * @param random draws initial parameters and samples
   */
  constructor(space: Pick<ControllerShape, "edges" | "operations">, options: ControllerOptions, random: Random) {
    const shape = { ...space, units: options.hiddenUnits, layers: options.layers };
    this.#options = options;
    this.#random = random;
    this.#parameters = new ControllerParameters(shape);
    this.#parameters.draw(random);
    this.#gradient = new ControllerParameters(shape);
    this.#controller = new Controller(shape, options, this.#parameters);
    this.#adam = new Adam(this.#parameters.all, {
      learningRate: options.controllerLearningRate,
      betas: options.controllerBetas,
      epsilon: options.controllerEpsilon,
      weightDecay: 0,
    });
    this.#baseline = new Baseline(options.baselineDecay, options.carriedBaseline);
  }

  /** A copy of all parameters. */
  get parameters(): Float64Array {
    return this.#parameters.all.slice();
  }

  /** Draws an architecture. */
  sample(): Sample {
    return this.#controller.run(drawn(this.#random));
  }

  /** The architecture of the most probable operation on each edge in turn. */
  greedy(): Sample {
    return this.#controller.run(mostProbable);
  }

  /**
   * Trains an epoch.
   * @param score accuracy of an architecture's choices, 0 to 1
   */
  trainEpoch(score: (choices: readonly number[]) => number): ControllerEpoch {
    const { controllerSteps, samplesPerStep, controllerClipNorm, entropyWeight } = this.#options;
    let [accuracySum, rewardSum, entropySum] = [0, 0, 0];
    for (let step = 0; step < controllerSteps; step++) {
      this.#gradient.all.fill(0);
      for (let at = 0; at < samplesPerStep; at++) {
        const { choices, logProbability, entropy } = this.sample();
        const accuracy = score(choices);
        const reward = accuracy + entropyWeight * entropy;
        const { value, byReward } = this.#baseline.advantage(accuracy, reward);
        // The authors do not detach the entropy in the reward: it is differentiated, times -log p, as everything else is.
        this.#controller.addGradient(
          this.#gradient,
          -value / samplesPerStep,
          (-logProbability * byReward * entropyWeight) / samplesPerStep,
        );
        accuracySum += accuracy;
        rewardSum += reward;
        entropySum += entropy;
      }
      clipGradient(this.#gradient.all, controllerClipNorm);
      this.#adam.step(this.#gradient.all);
    }
    const samples = controllerSteps * samplesPerStep;
    const baseline = this.#baseline.endEpoch();
    return { accuracy: accuracySum / samples, reward: rewardSum / samples, entropy: entropySum / samples, baseline };
  }

  /** Everything that training goes on from; a copy. */
  save(): ControllerState {
    const { carried } = this.#baseline;
    return { parameters: this.parameters, adam: this.#adam.save(), baseline: carried === null ? [] : [carried] };
  }

  /** Takes back what {@link save} gave. */
  restore({ parameters, adam, baseline }: ControllerState): void {
    this.#parameters.all.set(parameters);
    this.#adam.restore(adam);
    this.#baseline.carried = baseline[0] ?? null;
  }
}
