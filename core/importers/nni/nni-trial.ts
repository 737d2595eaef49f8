import type { MetricName } from "../../tables/column.ts";
import { allowedValues } from "../../tables/value-range.ts";
import type { Findings } from "../findings.ts";
import { OFFICIAL_DATASETS, type OfficialDataset, type OfficialTrial } from "../official-trial.ts";
import { TrialMetrics } from "../trial-metrics.ts";
import type { EpochCursor } from "./epoch-cursor.ts";
import { NNI_ARCHITECTURE, parseNniArchitecture } from "./nni-architecture.ts";
import { LARGEST_INTEGER, type NniRow } from "./nni-row.ts";
import { NNI_SPLITS, RESULT_COLUMNS, SIZES } from "./nni-tables.ts";

const CHANNELS = 16;
const CELLS = 5;
const MS_PER_SECOND = 1000;
/** NNI writes the names in lower case. */
const DATASETS = Object.values(OFFICIAL_DATASETS) as readonly string[];

function readDataset(row: NniRow): OfficialDataset {
  const name = row.text("dataset");
  if (DATASETS.includes(name)) return name as OfficialDataset;
  throw row.fault("dataset", DATASETS.join(", "));
}

function readArchitecture(row: NniRow): number {
  const architecture = parseNniArchitecture(row.text("arch"));
  if (architecture !== null) return architecture;
  throw row.fault("arch", NNI_ARCHITECTURE);
}

function metricOf(dataset: OfficialDataset, column: string): MetricName | null {
  const at = column.lastIndexOf("_");
  const split = NNI_SPLITS[dataset][column.slice(0, at)];
  return split === undefined ? null : `${split}${column.slice(at + 1) === "acc" ? "Accuracy" : "Loss"}`;
}

function readResults(row: NniRow, dataset: OfficialDataset, epoch: number, metrics: TrialMetrics): void {
  for (const column of RESULT_COLUMNS) {
    const metric = metricOf(dataset, column);
    const value = metric === null ? null : row.number(column, metric);
    if (metric === null || value === null) continue;
    const result = metrics.record(metric, epoch, value);
    if (result === "twice") throw row.fault(column, "one row for each trial and epoch");
    if (result === "range") throw row.fault(column, allowedValues(metric));
  }
}

/** What a trial has one number of: sizes, and the seconds that NNI took from the last epoch. */
function readConstants(row: NniRow, dataset: OfficialDataset, epochs: number, metrics: TrialMetrics): void {
  const times = Object.entries(NNI_SPLITS[dataset]).map(([split, own]): [string, MetricName, number] =>
    own === "train"
      ? ["training_time", "trainMs", MS_PER_SECOND / epochs]
      : [`${split}_evaluation_time`, `${own}Ms`, MS_PER_SECOND],
  );
  const sizes = Object.entries(SIZES).map(([column, [metric, scale]]): [string, MetricName, number] => [
    column,
    metric,
    scale,
  ]);
  for (const [column, metric, scale] of [...times, ...sizes]) {
    const value = row.number(column, metric);
    if (value === null) continue;
    if (metrics.recordConstant(metric, value * scale) === "range") throw row.fault(column, allowedValues(metric));
  }
}

/** Compares a trial's own results with those of its last epoch, and takes them where that epoch has no row. */
function readFinalResults(row: NniRow, dataset: OfficialDataset, epochs: number, metrics: TrialMetrics): string[] {
  return RESULT_COLUMNS.filter((column) => {
    const metric = metricOf(dataset, column);
    const value = metric === null ? null : row.number(column, metric);
    if (metric === null || value === null) return false;
    const result = metrics.record(metric, epochs, value);
    if (result === "range") throw row.fault(column, allowedValues(metric));
    return result === "twice" && metrics.at(metric, epochs) !== value;
  });
}

/**
 * One trial from its own row, its configuration's, and the rows of its epochs.
 * @throws NAS_BENCHMARK_FILE
 */
export function readNniTrial(row: NniRow, config: NniRow, cursor: EpochCursor, findings: Findings): OfficialTrial {
  const id = row.integer("id", 0, LARGEST_INTEGER);
  cursor.requireTrial(id);
  const dataset = readDataset(config);
  const epochs = config.integer("num_epochs", 1, 200);
  if (epochs !== 12 && epochs !== 200) throw config.fault("num_epochs", "12 or 200");
  if (config.integer("num_channels", 1, LARGEST_INTEGER) !== CHANNELS)
    throw config.fault("num_channels", String(CHANNELS));
  if (config.integer("num_cells", 1, LARGEST_INTEGER) !== CELLS) throw config.fault("num_cells", String(CELLS));
  const metrics = new TrialMetrics(epochs);
  let any = false;
  for (const { epoch, row: values } of cursor.of(id)) {
    if (epoch > epochs)
      throw values.fault("current_epoch", `an epoch from 1 to ${epochs}, as the trial's num_epochs says`);
    readResults(values, dataset, epoch, metrics);
    any = true;
  }
  if (!any) findings.add("a trial has no epochs in nb201intermediatestats; its last one is kept", `trial ${id}`);
  const differing = readFinalResults(row, dataset, epochs, metrics);
  if (differing.length > 0) {
    const what = "a trial's own result is not that of its last epoch; the epoch's is kept";
    findings.add(what, `trial ${id}: ${differing.join(", ")}`);
  }
  readConstants(row, dataset, epochs, metrics);
  return {
    architecture: readArchitecture(config),
    dataset,
    recipe: `${epochs}-epochs`,
    epochs,
    seed: row.integer("seed", 0, LARGEST_INTEGER),
    metrics: metrics.finish(),
  };
}
