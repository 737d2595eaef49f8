import type { CostModel } from "../../schemas/generated/table-card.ts";

/**
 * Simulated cost of work on images, in whole milliseconds: training an image counts three times an evaluated one (forward,
 * and backward for inputs and weights).
 * @param macs multiply-accumulates of one image through the executed network
 */
export function simulatedMs(
  model: Pick<CostModel, "fixedUs" | "usPerMegaMac">,
  macs: number,
  images: { readonly trained?: number; readonly evaluated?: number },
): number {
  const passes = 3 * (images.trained ?? 0) + (images.evaluated ?? 0);
  return Math.round((passes * (model.fixedUs + (model.usPerMegaMac * macs) / 1e6)) / 1000);
}

/** A timed training, from which the model's constants are fitted. */
export interface TimedTraining {
  readonly macs: number;
  /** 3 x images trained + images evaluated. */
  readonly passes: number;
  readonly seconds: number;
}

/** The fitted constants and how well they explain the times. */
export interface CostFit {
  readonly fixedUs: number;
  readonly usPerMegaMac: number;
  /** Share of the variance of microseconds a pass that is explained, 0 to 1. */
  readonly r2: number;
}

/**
 * Least squares of microseconds a pass on millions of MACs.
 * @throws RangeError unless there are trainings of at least two networks that differ in their MACs
 */
export function fitCostModel(trainings: readonly TimedTraining[]): CostFit {
  if (new Set(trainings.map(({ macs }) => macs)).size < 2)
    throw new RangeError("a cost model needs trainings of at least two different networks");
  const points = trainings.map(({ macs, passes, seconds }) => ({ x: macs / 1e6, y: (seconds * 1e6) / passes }));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const varianceX = points.reduce((sum, { x }) => sum + (x - meanX) * (x - meanX), 0);
  const varianceY = points.reduce((sum, { y }) => sum + (y - meanY) * (y - meanY), 0);
  const usPerMegaMac = covariance / varianceX;
  const r2 = varianceY === 0 ? 1 : (covariance * covariance) / (varianceX * varianceY);
  return { fixedUs: meanY - usPerMegaMac * meanX, usPerMegaMac, r2 };
}
