import { cosineLearningRate } from "nas-harness";

/** The learning rate's course over the epochs. */
export interface LearningRateCourse {
  /** Highest rate: at epochs 0, 2 x period, 4 x period, ... */
  readonly learningRate: number;
  /** Lowest rate: at epochs period, 3 x period, ... */
  readonly finalLearningRate: number;
}

/**
 * Learning rate of an epoch: a cosine, constant within an epoch, that goes on past its half period, so that it rises again
 * (AutoDL-Projects, `xautodl/procedures/optimizers.py`, CosineAnnealingLR, which has no bound at T_max).
 * @param epoch from 0
 * @param period epochs from the highest rate to the lowest, 1 or more: T_max
 */
export function learningRateAt(
  { learningRate, finalLearningRate }: LearningRateCourse,
  epoch: number,
  period: number,
): number {
  const phase = epoch % (2 * period);
  return cosineLearningRate(learningRate, finalLearningRate, Math.min(phase, 2 * period - phase), period);
}
