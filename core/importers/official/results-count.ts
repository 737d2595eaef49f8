import type { PickleValue } from "../../files/pickle/pickle-values.ts";
import type { MetricName } from "../../tables/column.ts";
import type { EpochSeries, OfficialDataset, OfficialTrial } from "../official-trial.ts";
import { OfficialFields, requireAmount, requireSeed } from "./official-fields.ts";
import { type OfficialPlace, shown } from "./official-place.ts";
import { type SeriesKind, SeriesReader } from "./official-series.ts";
import { OFFICIAL_SPLITS } from "./official-splits.ts";

const MS_PER_SECOND = 1000;

/** Which trial a ResultsCount is to be, as what is around it says. */
export interface ExpectedTrial extends Pick<OfficialTrial, "architecture" | "dataset" | "recipe" | "epochs" | "seed"> {
  /** The dataset's official name. */
  readonly name: string;
}

/** Fields by epoch of the training, with the metric that they become; those that may be None in a genuine file say so. */
const TRAIN_SERIES: readonly [field: string, kind: SeriesKind, metric: MetricName, optional: boolean][] = [
  ["train_acc1es", "accuracy", "trainAccuracy", false],
  ["train_acc5es", "accuracy", "trainTop5Accuracy", true],
  ["train_losses", "loss", "trainLoss", false],
  ["train_times", "seconds", "trainMs", true],
];

/** Fields by split and epoch, with the end of the metric's name. */
const EVALUATED_SERIES: readonly [
  field: string,
  kind: SeriesKind,
  suffix: "Accuracy" | "Loss" | "Ms",
  optional: boolean,
][] = [
  ["eval_acc1es", "accuracy", "Accuracy", false],
  ["eval_losses", "loss", "Loss", false],
  ["eval_times", "seconds", "Ms", true],
];

type Metrics = Map<MetricName, EpochSeries | number>;

function addTrained(fields: OfficialFields, reader: SeriesReader, metrics: Metrics): void {
  for (const [field, kind, metric, optional] of TRAIN_SERIES) {
    if (optional && (fields.value(field) ?? null) === null) continue;
    const series = reader.byEpoch(fields.dict(field), kind, fields.at(field));
    if (series !== null) metrics.set(metric, series);
  }
}

function addEvaluated(fields: OfficialFields, reader: SeriesReader, dataset: OfficialDataset, metrics: Metrics): void {
  const splits = OFFICIAL_SPLITS[dataset];
  const names = Object.keys(splits);
  for (const [field, kind, suffix, optional] of EVALUATED_SERIES) {
    if (optional && (fields.value(field) ?? null) === null) continue;
    const series = reader.bySplit(fields.dict(field), kind, names, fields.at(field));
    for (const [split, values] of series) metrics.set(`${splits[split] as "valid"}${suffix}`, values);
  }
}

/** The mean of what was measured, as the official API gives it (ResultsCount.get_latency); it is one number. */
function latencyOf(fields: OfficialFields): number | null {
  if ((fields.value("latency") ?? null) === null) return null;
  const seconds = fields.list("latency").map((value) => requireAmount(value, fields.at("latency")));
  if (seconds.length === 0) return null;
  return seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
}

function requireSame(fields: OfficialFields, field: string, value: unknown, expected: unknown): void {
  if (value !== expected) throw fields.at(field).fault(`the field is ${shown(value)}`, shown(expected));
}

/**
 * A trial from a ResultsCount dict (NAS-Bench-201 7fa5a614, nas_201_api/api_utils.py, ResultsCount.state_dict).
 * @throws NAS_OFFICIAL_FILE
 */
export function readResultsCount(value: PickleValue, expected: ExpectedTrial, place: OfficialPlace): OfficialTrial {
  const { name, architecture, dataset, recipe, epochs, seed } = expected;
  const fields = new OfficialFields(value, place);
  requireSame(fields, "name", fields.text("name"), name);
  requireSame(fields, "seed", requireSeed(fields.value("seed"), fields.at("seed")), seed);
  requireSame(fields, "epochs", fields.integer("epochs"), epochs);
  const metrics: Metrics = new Map();
  const reader = new SeriesReader(epochs);
  addTrained(fields, reader, metrics);
  addEvaluated(fields, reader, dataset, metrics);
  const latency = latencyOf(fields);
  if (latency !== null) metrics.set("latencyMs", latency * MS_PER_SECOND);
  metrics.set("megaParameters", fields.amount("params"));
  metrics.set("megaFlops", fields.amount("flop"));
  return { architecture, dataset, recipe, epochs, seed, metrics };
}
