import type { TableCard } from "../../schemas/generated/table-card.ts";
import { formatArchitecture } from "../space/codec.ts";
import { itemOfEpoch, METRIC_NAMES, type MetricColumn, valueAt } from "../tables/column.ts";
import type { Cell, ExportBatch, ExportColumn, ExportProgress, ExportRows } from "./export-batch.ts";
import type { SelectedContent, SelectedPlace } from "./selection.ts";
import { type ArchitectureTrials, openTrialRows, type TrialRow } from "./trial-rows.ts";

/** Rows of a batch, more or less: a row group of a Parquet file. */
const BATCH_ROWS = 50_000;

const FACTS: readonly ExportColumn[] = [
  { name: "dataset", type: "string", nullable: false },
  { name: "recipe", type: "string", nullable: false },
  { name: "architecture", type: "int32", nullable: false },
  { name: "architectureString", type: "string", nullable: false },
  { name: "trialSeed", type: "int32", nullable: true },
  { name: "aggregatedSeeds", type: "string", nullable: true },
  { name: "epoch", type: "int32", nullable: false },
];

/** A selected column with its place in the export and the items of the selected epochs. */
interface Series {
  readonly at: number;
  readonly column: MetricColumn;
  readonly row: number;
  /** By epoch (from 1), the item, or -1. */
  readonly items: Int32Array;
}

/** Selected epochs of a place, ascending. */
function epochsOf({ columns }: SelectedPlace): number[] {
  const epochs = columns.flatMap((column) => (column.epochs === "constant" ? [] : column.epochs));
  return [...new Set(epochs)].sort((a, b) => a - b);
}

class Batches {
  readonly #columns: Cell[][];
  #rows = 0;

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => []);
  }

  get isFull(): boolean {
    return this.#rows >= BATCH_ROWS;
  }

  add(row: readonly Cell[]): void {
    for (let at = 0; at < row.length; at++) (this.#columns[at] as Cell[]).push(row[at] as Cell);
    this.#rows++;
  }

  take(): ExportBatch {
    const batch = this.#columns.map((column) => column.splice(0));
    this.#rows = 0;
    return batch;
  }
}

/** Where a place's values are. */
interface Layout {
  readonly place: SelectedPlace;
  /** Selected epochs, ascending. */
  readonly epochs: readonly number[];
  /** By column and epoch, the item; -1: none. */
  readonly items: ReadonlyMap<string, Int32Array>;
}

function layoutOf(place: SelectedPlace, card: TableCard): Layout {
  const recipe = card.datasets.find(({ id }) => id === place.dataset)?.recipes.find(({ id }) => id === place.recipe);
  const epochs = epochsOf(place);
  const last = epochs.at(-1) ?? 0;
  const items = new Map(
    place.columns.map(({ name, epochs: selected }) => {
      const stored = recipe?.columns.find((column) => column.name === name)?.epochs ?? [];
      const isSelected = new Set(selected === "constant" ? [] : selected);
      const item = (epoch: number) => (isSelected.has(epoch) ? itemOfEpoch({ epochs: stored }, epoch) : -1);
      return [name, Int32Array.from({ length: last + 1 }, (_, epoch) => item(epoch))] as const;
    }),
  );
  return { place, epochs, items };
}

/** Rows of one trial: an epoch is there if anything that has epochs is recorded at it. */
function* trialRows(
  facts: readonly Cell[],
  trial: TrialRow,
  { column }: ArchitectureTrials,
  layout: Layout,
  metrics: readonly string[],
): Generator<readonly Cell[]> {
  const constants = metrics.map((): Cell => null);
  const series: Series[] = [];
  for (const { name, view, epochs } of layout.place.columns) {
    const [own, row] = [column(name, view), trial.rows[view]];
    if (own === undefined || row === null) continue;
    const at = metrics.indexOf(name);
    if (epochs === "constant") constants[at] = valueAt(own, row, 0);
    else series.push({ at, column: own, row, items: layout.items.get(name) as Int32Array });
  }
  for (const epoch of layout.epochs) {
    const values = [...constants];
    let any = false;
    for (const { at, column: own, row, items: byEpoch } of series) {
      const value = valueAt(own, row, byEpoch[epoch] as number);
      values[at] = value;
      any ||= value !== null;
    }
    if (any) yield [...facts, trial.seed, trial.aggregatedSeeds?.join(" ") ?? null, epoch, ...values];
  }
}

/**
 * The long shape: one row for each dataset, recipe, architecture, trial and epoch at which anything is recorded, in this
 * order, with a column for each metric. Values that do not depend on the epoch stand in every row of their trial. Single
 * trials have a `trialSeed` (null: unknown) and no `aggregatedSeeds`; means have `aggregatedSeeds`, separated by spaces.
 * @throws while it is read: NAS_TABLE_CORRUPT
 */
export function curvesOf(
  folder: string,
  card: TableCard,
  content: SelectedContent,
  onProgress: ExportProgress,
): ExportRows {
  const names = new Set(content.places.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const metrics = METRIC_NAMES.filter((name) => names.has(name));
  const total = content.places.length * content.keys.length;
  function* batches(): Generator<ExportBatch> {
    const rows = new Batches(FACTS.length + metrics.length);
    let done = 0;
    for (const place of content.places) {
      const trialsOf = openTrialRows(folder, card, place, content);
      const layout = layoutOf(place, card);
      for (const key of content.keys) {
        const architecture = trialsOf(key);
        const facts = [place.dataset, place.recipe, key, formatArchitecture(key)];
        for (const trial of architecture.trials) {
          for (const row of trialRows(facts, trial, architecture, layout, metrics)) rows.add(row);
        }
        done++;
        if (rows.isFull) {
          onProgress(done, total);
          yield rows.take();
        }
      }
    }
    onProgress(done, total);
    yield rows.take();
  }
  const columns = metrics.map((name): ExportColumn => ({ name, type: "float32", nullable: true }));
  return { columns: [...FACTS, ...columns], batches: batches() };
}
