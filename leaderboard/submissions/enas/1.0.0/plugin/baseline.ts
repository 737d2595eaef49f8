/** What becomes the next epoch's baseline: that of the last sample (ICLR) or the mean over the epoch's samples (NATS). */
export type CarriedBaseline = "last-sample" | "epoch-mean";

/** A sample's advantage and how it depends on the reward. */
export interface Advantage {
  /** Reward less baseline. */
  readonly value: number;
  /** Its derivative by the entropy's share of the reward: what the baseline takes of the reward is missing from 1. */
  readonly byReward: number;
}

/**
 * The reward that a sample is compared with (AutoDL-Projects, `exps/NAS-Bench-201-algos/ENAS.py` and
 * `exps/NATS-algos/search-cell.py`, train_controller). In the first epoch it is the sample's own accuracy. After that it is the
 * carried value, moved a little towards the sample's reward; the carried value itself only changes between epochs.
 */
export class Baseline {
  readonly #decay: number;
  readonly #carriedBaseline: CarriedBaseline;
  #carried: number | null = null;
  #last = 0;
  #sum = 0;
  #samples = 0;

  /** @param decay share of the carried value in a sample's baseline, 0 to 1 */
  constructor(decay: number, carriedBaseline: CarriedBaseline) {
    this.#decay = decay;
    this.#carriedBaseline = carriedBaseline;
  }

  /** The value carried over from the epoch before, from 0 to about 1; null in the first. */
  get carried(): number | null {
    return this.#carried;
  }

  /** Takes back a carried value. */
  set carried(value: number | null) {
    this.#carried = value;
  }

  /**
   * @param accuracy of a sample, 0 to 1
   * @param reward its accuracy and its share of entropy
   */
  advantage(accuracy: number, reward: number): Advantage {
    const carried = this.#carried;
    this.#last = carried === null ? accuracy : carried - (1 - this.#decay) * (carried - reward);
    this.#sum += this.#last;
    this.#samples++;
    return { value: reward - this.#last, byReward: carried === null ? 1 : this.#decay };
  }

  /** Ends an epoch of one sample or more. @returns the value that is carried over */
  endEpoch(): number {
    const carried = this.#carriedBaseline === "last-sample" ? this.#last : this.#sum / this.#samples;
    this.#carried = carried;
    this.#sum = 0;
    this.#samples = 0;
    return carried;
  }
}
