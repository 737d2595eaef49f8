import type { TableCard } from "../../schemas/generated/table-card.ts";
import { classOf } from "../space/classes.ts";
import { formatArchitecture } from "../space/codec.ts";
import { itemOfEpoch, type MetricName, type View, valueAt } from "../tables/column.ts";
import type { Cell, ExportBatch, ExportColumn, ExportProgress, ExportRows } from "./export-batch.ts";
import type { SelectedContent, SelectedPlace } from "./selection.ts";
import { type ArchitectureTrials, openTrialRows } from "./trial-rows.ts";

/** What has no epochs and is summarised besides accuracies. */
const SIZES: readonly MetricName[] = ["latencyMs", "megaParameters", "megaFlops"];

const FACTS: readonly ExportColumn[] = [
  { name: "architecture", type: "int32", nullable: false },
  { name: "architectureString", type: "string", nullable: false },
  { name: "class", type: "int32", nullable: false },
];

/** A metric of a place that is summarised. */
interface Summarised {
  readonly name: MetricName;
  readonly view: View;
  /** Null: it has no epochs. */
  readonly epoch: number | null;
}

/** Mean of a metric over an architecture's trials. */
interface Mean {
  readonly mean: number;
  /** Sample standard deviation; null for a mean of the table's own and for one trial. */
  readonly deviation: number | null;
  readonly trials: number;
  /** True: the value is the table's own mean; it holds no single trials of this metric. */
  readonly aggregated: boolean;
}

/** Accuracies at their last recorded epoch, or at each selected one, and sizes. */
function summarisedOf({ columns }: SelectedPlace, hasEpochs: boolean): Summarised[] {
  return columns.flatMap(({ name, view, epochs }): Summarised[] => {
    if (SIZES.includes(name)) return epochs === "constant" ? [{ name, view, epoch: null }] : [];
    if (!name.endsWith("Accuracy") || epochs === "constant") return [];
    return (hasEpochs ? epochs : epochs.slice(-1)).map((epoch) => ({ name, view, epoch }));
  });
}

function columnsOf({ dataset, recipe }: SelectedPlace, { name, epoch }: Summarised): ExportColumn[] {
  const prefix = `${dataset}/${recipe}/${name}`;
  if (epoch === null) return [{ name: prefix, type: "float64", nullable: true }];
  return [
    { name: `${prefix}@${epoch}`, type: "float64", nullable: true },
    { name: `${prefix}@${epoch}/sd`, type: "float64", nullable: true },
    { name: `${prefix}@${epoch}/trials`, type: "int32", nullable: true },
    { name: `${prefix}@${epoch}/aggregated`, type: "boolean", nullable: true },
  ];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarise({ trials, column }: ArchitectureTrials, { name, view, epoch }: Summarised): Mean | null {
  const own = column(name, view);
  if (own === undefined) return null;
  const item = epoch === null ? 0 : itemOfEpoch(own, epoch);
  const recorded = trials.flatMap((trial) => {
    const row = trial.rows[view];
    const value = row === null ? null : valueAt(own, row, item);
    return value === null ? [] : [{ value, aggregatedSeeds: trial.aggregatedSeeds }];
  });
  const singles = recorded.filter(({ aggregatedSeeds }) => aggregatedSeeds === null).map(({ value }) => value);
  if (singles.length > 0) {
    const mean = meanOf(singles);
    const squares = singles.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    const deviation = singles.length > 1 ? Math.sqrt(squares / (singles.length - 1)) : null;
    return { mean, deviation, trials: singles.length, aggregated: false };
  }
  const [aggregate] = recorded;
  if (aggregate === undefined) return null;
  return { mean: aggregate.value, deviation: null, trials: aggregate.aggregatedSeeds?.length ?? 0, aggregated: true };
}

function cellsOf(mean: Mean | null, { epoch }: Summarised): Cell[] {
  if (epoch === null) return [mean?.mean ?? null];
  return mean === null ? [null, null, null, null] : [mean.mean, mean.deviation, mean.trials, mean.aggregated];
}

/**
 * The wide shape: one row for each architecture (or class), ascending, with the mean of each accuracy over the selected
 * trials, its standard deviation and number of trials, and sizes. Single trials and means are never mixed: where there are
 * single trials, these count; else the table's own mean is taken and marked.
 * @param hasEpochs true: accuracies at all epochs of the selection; false: at the last that is recorded
 * @throws while it is read: NAS_TABLE_CORRUPT
 */
export function summaryOf(
  folder: string,
  card: TableCard,
  content: SelectedContent,
  hasEpochs: boolean,
  onProgress: ExportProgress,
): ExportRows {
  const places = content.places.map((place) => ({ place, summarised: summarisedOf(place, hasEpochs) }));
  const total = places.length * content.keys.length;
  function* batches(): Generator<ExportBatch> {
    const batch: Cell[][] = [
      [...content.keys],
      content.keys.map((key) => formatArchitecture(key)),
      content.keys.map((key) => classOf(key)),
    ];
    let done = 0;
    for (const { place, summarised } of places) {
      const trialsOf = openTrialRows(folder, card, place, content);
      const columns = summarised.map((entry) => columnsOf(place, entry).map((): Cell[] => []));
      for (const key of content.keys) {
        const trials = trialsOf(key);
        summarised.forEach((entry, at) => {
          cellsOf(summarise(trials, entry), entry).forEach((cell, part) => {
            columns[at]?.[part]?.push(cell);
          });
        });
        onProgress(++done, total);
        // Nothing to write yet, but time to hear of an interruption.
        if (done % 1000 === 0) yield [];
      }
      batch.push(...columns.flat());
    }
    yield batch;
  }
  const columns = places.flatMap(({ place, summarised }) => summarised.flatMap((entry) => columnsOf(place, entry)));
  return { columns: [...FACTS, ...columns], batches: batches() };
}
