import type { Architecture } from "../space/codec.ts";
import type { TrainingAccess } from "../training/search/search-types.ts";
import type { AlgorithmContext } from "./algorithm.ts";

/** What a method that trains gets: no proposals, so no budget of them. Frozen. */
export interface TrainingContext<Options = Record<string, unknown>>
  extends Pick<AlgorithmContext<Options>, "space" | "random" | "options" | "protocol"> {
  readonly training: TrainingAccess;
}

/** What a training method says of an epoch. */
export interface EpochReport {
  /** The architecture that the method would answer now. */
  readonly architecture: Architecture;
  /** The architecture parameters (shape free, empty if there are none): their hash goes into the run's trace. */
  readonly parameters: ArrayLike<number>;
  /** Figures for the live line and the log, such as losses, accuracies in percent or a temperature. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One run of a method that trains. */
export interface TrainingSearcher {
  /** Number of epochs, 1 or more. */
  readonly epochs: number;
  /** Trains one epoch. @param epoch from 0 */
  trainEpoch(epoch: number): EpochReport;
  /** The run's answer, after the last epoch. */
  answer(): Architecture;
  /**
   * Everything that the method itself holds between epochs, for a checkpoint: numbers, texts, lists, typed arrays and plain
   * objects of these. The harness saves supernets, image order, generator and clock itself.
   */
  save(): unknown;
  /** Takes back what {@link TrainingSearcher.save} gave, on a searcher that was just made. */
  restore(saved: unknown): void;
}
