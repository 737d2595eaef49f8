import { isResult, METRIC_NAMES, type MetricColumn, type MetricName } from "../../tables/column.ts";
import type { EpochSeries, OfficialTrial } from "../official-trial.ts";

/** Value of an epoch as float32, or null where it is not recorded. */
function itemOf({ values, recorded }: EpochSeries, at: number): number | null {
  return recorded !== null && recorded[at] === 0 ? null : Math.fround(values[at] as number);
}

/** The one value of a series that has the same at every epoch of the schedule; null where it has not. */
function flatValue(series: EpochSeries, epochs: number): number | null {
  const first = itemOf(series, 0);
  for (let at = 1; at < epochs; at++) if (itemOf(series, at) !== first) return null;
  return first;
}

/** The constant that a metric of a trial is; undefined: it is none; null: the trial has no such metric. */
function constantOf(metric: EpochSeries | number | undefined, epochs: number): number | null | undefined {
  if (metric === undefined) return null;
  if (typeof metric === "number") return metric;
  return flatValue(metric, epochs) ?? undefined;
}

function constantColumn(name: MetricName, constants: readonly (number | null)[]): MetricColumn {
  const recorded = constants.includes(null) ? Uint8Array.from(constants, (value) => (value === null ? 0 : 1)) : null;
  return { name, epochs: "constant", values: Float32Array.from(constants, (value) => value ?? 0), recorded };
}

function seriesColumn(name: MetricName, trials: readonly OfficialTrial[], epochs: number): MetricColumn | null {
  const series = trials.map((trial) => {
    const metric = trial.metrics.get(name);
    if (typeof metric !== "number") return metric;
    return { values: new Float64Array(epochs).fill(metric), recorded: null };
  });
  const holds = (at: number) => series.some((entry) => entry !== undefined && itemOf(entry, at) !== null);
  const items = Array.from({ length: epochs }, (_, at) => at).filter(holds);
  if (items.length === 0) return null;
  const values = new Float32Array(trials.length * items.length);
  const recorded = new Uint8Array(values.length);
  series.forEach((entry, row) => {
    if (entry === undefined) return;
    items.forEach((at, item) => {
      const value = itemOf(entry, at);
      if (value === null) return;
      values[row * items.length + item] = value;
      recorded[row * items.length + item] = 1;
    });
  });
  return {
    name,
    epochs: items.map((at) => at + 1),
    values,
    recorded: recorded.includes(0) ? recorded : null,
  };
}

/**
 * The metrics of trials of one (dataset, recipe) as columns. A column has the epochs that any of the trials records. Times and
 * sizes that are the same at every epoch of the schedule, in each trial by itself, become one item: nothing is lost by it.
 * @param epochs epochs of the whole schedule
 */
export function metricColumns(trials: readonly OfficialTrial[], epochs: number): MetricColumn[] {
  return METRIC_NAMES.flatMap((name) => {
    if (!trials.some(({ metrics }) => metrics.has(name))) return [];
    if (!isResult(name)) {
      const constants = trials.map(({ metrics }) => constantOf(metrics.get(name), epochs));
      if (constants.every((value) => value !== undefined)) return [constantColumn(name, constants)];
    }
    return seriesColumn(name, trials, epochs) ?? [];
  });
}
