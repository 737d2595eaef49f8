import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { EpochSeries, OfficialDataset, OfficialTrial } from "../../../core/importers/official-trial.ts";
import type { UnitSource } from "../../../core/importers/pipeline/import-source.ts";
import { DATASET_ORDER } from "../../../core/importers/pipeline/official-datasets.ts";
import { flopsOf, parametersOf } from "../../../core/space/network-size.ts";
import type { MetricName } from "../../../core/tables/column.ts";

/** How made-up trainings differ from the plain ones. */
export interface MadeUpOptions {
  /** Epochs of the recipe that is long. */
  readonly longEpochs?: number;
  /** True: of the long recipe only seed 777 is there, and only the results of its last epoch. */
  readonly isBrief?: boolean;
  /** True: times differ between epochs, as in the files v1_0 and v1_1. */
  readonly hasTimesByEpoch?: boolean;
}

const CLASSES: Record<OfficialDataset, number> = {
  "cifar10-valid": 10,
  cifar10: 10,
  cifar100: 100,
  "imagenet16-120": 120,
};
/** A number from 0 to 1 that anybody can compute again. */
export function madeUpShare(...parts: readonly number[]): number {
  let state = 2166136261;
  for (const part of parts) state = Math.imul(state ^ Math.trunc(part), 16777619) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 2246822507) >>> 0;
  return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
}

function series(epochs: number, value: (at: number) => number, only?: readonly number[]): EpochSeries {
  if (only === undefined)
    return { values: Float64Array.from({ length: epochs }, (_, at) => value(at)), recorded: null };
  const [values, recorded] = [new Float64Array(epochs), new Uint8Array(epochs)];
  for (const at of only) {
    values[at] = value(at);
    recorded[at] = 1;
  }
  return { values, recorded };
}

/** The splits of a dataset: by the table's names, whether at every epoch of the long recipe or at the last one only. */
const SPLITS: Record<OfficialDataset, readonly [split: string, isWhole: boolean][]> = {
  "cifar10-valid": [
    ["valid", true],
    ["test", false],
  ],
  cifar10: [["test", true]],
  cifar100: [
    ["valid", false],
    ["test", false],
    ["valtest", true],
  ],
  "imagenet16-120": [
    ["valid", false],
    ["test", false],
    ["valtest", true],
  ],
};

function trial(architecture: number, dataset: OfficialDataset, isLong: boolean, seed: number, options: MadeUpOptions) {
  const { longEpochs = 200, hasTimesByEpoch = false, isBrief = false } = options;
  const epochs = isLong ? longEpochs : 12;
  const at = DATASET_ORDER.indexOf(dataset);
  const key = [architecture, at, epochs, seed] as const;
  const curve = (column: number, scale: number) => (epoch: number) => scale * madeUpShare(...key, column, epoch);
  const time = (column: number) => (epoch: number) =>
    1000 + 9000 * madeUpShare(architecture, at, column, hasTimesByEpoch ? epoch + 1 : 0);
  const size = { classes: CLASSES[dataset], imageSize: dataset === "imagenet16-120" ? 16 : 32 };
  const last = isLong && isBrief ? [epochs - 1] : undefined;
  const metrics = new Map<MetricName, EpochSeries | number>([
    ["trainAccuracy", series(epochs, curve(1, 100), last)],
    ["trainLoss", series(epochs, curve(2, 3), last)],
    ["trainMs", series(epochs, time(3))],
    ["latencyMs", 10 + madeUpShare(architecture, 4)],
    ["megaParameters", parametersOf(architecture, size) / 1e6],
    ["megaFlops", flopsOf(architecture, size) / 1e6],
  ]);
  if (!isLong) metrics.set("trainTop5Accuracy", series(epochs, curve(5, 100)));
  SPLITS[dataset].forEach(([split, isWhole], place) => {
    const only = isLong && !isWhole ? [epochs - 1] : last;
    metrics.set(`${split}Accuracy` as MetricName, series(epochs, curve(10 + place, 100), only));
    metrics.set(`${split}Loss` as MetricName, series(epochs, curve(20 + place, 3), only));
    metrics.set(`${split}Ms` as MetricName, series(epochs, time(30 + place)));
  });
  return { architecture, dataset, recipe: isLong ? "200-epochs" : "12-epochs", epochs, seed, metrics };
}

/** Seeds of the long recipe: 999 is missing for every other architecture. */
export function longSeeds(architecture: number): number[] {
  return architecture % 2 === 0 ? [777, 888, 999] : [777, 888];
}

/** All trainings of an architecture, as the NATS files have them. */
export function madeUpTrials(architecture: number, options: MadeUpOptions = {}): OfficialTrial[] {
  return DATASET_ORDER.flatMap((dataset) => [
    ...(dataset === "cifar10-valid" ? [111, 777] : [111]).map((seed) =>
      trial(architecture, dataset, false, seed, options),
    ),
    ...(options.isBrief === true ? [777] : longSeeds(architecture)).map((seed) =>
      trial(architecture, dataset, true, seed, options),
    ),
  ]);
}

/** What a made-up unit's file holds. */
interface MadeUpUnit {
  readonly architecture: number;
  readonly options: MadeUpOptions;
}

/** A reader of the files that {@link madeUpFolder} writes, for the importing processes. */
export function readMadeUpUnit(bytes: Uint8Array): OfficialTrial[] {
  const { architecture, options } = JSON.parse(Buffer.from(bytes).toString("utf8")) as MadeUpUnit;
  return madeUpTrials(architecture, options);
}

/** Writes a file an architecture and gives the source that reads them. */
export function madeUpFolder(
  folder: string,
  architectures: readonly number[],
  options: MadeUpOptions = {},
): UnitSource {
  mkdirSync(folder, { recursive: true });
  const units = architectures.map((architecture) => {
    const name = `${String(architecture).padStart(6, "0")}.json`;
    const file = path.join(folder, name);
    const text = JSON.stringify({ architecture, options });
    writeFileSync(file, text);
    return { name, file, offset: 0, bytes: text.length };
  });
  const reader = { module: import.meta.url, name: "readMadeUpUnit" };
  return { kind: "units", path: folder, isArchive: false, units, reader };
}
