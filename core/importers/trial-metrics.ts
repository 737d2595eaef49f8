import type { MetricName } from "../tables/column.ts";
import { isAllowedValue } from "../tables/value-range.ts";
import type { EpochSeries } from "./official-trial.ts";

/** A series that is being filled. */
interface Filling {
  readonly values: Float64Array;
  readonly recorded: Uint8Array;
  count: number;
}

/** Collects the metrics of one trial, value by value, as a reader meets them. */
export class TrialMetrics {
  readonly #epochs: number;
  readonly #series = new Map<MetricName, Filling>();
  readonly #constants = new Map<MetricName, number>();

  /** @param epochs epochs of the recipe */
  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  /**
   * Records a value in the table's unit; a loss may have diverged (Infinity or NaN).
   * @param epoch from 1 to the recipe's epochs
   * @returns "ok"; "range" if a table may not hold such a value; "twice" if the epoch has one already
   */
  record(metric: MetricName, epoch: number, value: number): "ok" | "range" | "twice" {
    if (!isAllowedValue(metric, value, "diverging")) return "range";
    let series = this.#series.get(metric);
    if (series === undefined) {
      series = { values: new Float64Array(this.#epochs), recorded: new Uint8Array(this.#epochs), count: 0 };
      this.#series.set(metric, series);
    }
    if (series.recorded[epoch - 1] === 1) return "twice";
    series.values[epoch - 1] = value;
    series.recorded[epoch - 1] = 1;
    series.count++;
    return "ok";
  }

  /** Records a number that has no epochs. @returns "range" if a table may not hold it */
  recordConstant(metric: MetricName, value: number): "ok" | "range" {
    if (!isAllowedValue(metric, value)) return "range";
    this.#constants.set(metric, value);
    return "ok";
  }

  /** The value at an epoch (from 1), or undefined where it is not recorded. */
  at(metric: MetricName, epoch: number): number | undefined {
    const series = this.#series.get(metric);
    return series?.recorded[epoch - 1] === 1 ? series.values[epoch - 1] : undefined;
  }

  /** What was collected, as an official trial has it. */
  finish(): Map<MetricName, EpochSeries | number> {
    const metrics = new Map<MetricName, EpochSeries | number>(this.#constants);
    for (const [metric, { values, recorded, count }] of this.#series) {
      metrics.set(metric, { values, recorded: count === this.#epochs ? null : recorded });
    }
    return metrics;
  }
}
