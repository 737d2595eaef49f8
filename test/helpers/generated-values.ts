import { hashOf, trialChooser } from "../../core/random/seed.ts";
import { choicesOf } from "../../core/space/codec.ts";
import {
  ARCHITECTURE_COUNT,
  AVERAGE_POOL_3X3,
  CONVOLUTION_1X1,
  CONVOLUTION_3X3,
  SKIP_CONNECT,
} from "../../core/space/operations.ts";
import { isReachable } from "../../core/space/reachability.ts";
import type { MetricColumn, MetricName, TrialRows } from "../../core/tables/column.ts";
import type { DatasetContent, RecipeContent } from "../../core/tables/table-writer.ts";
import type { GeneratedTableOptions } from "./generated-table.ts";

/** What a made-up dataset is like. Accuracies in percent; `images` of each split; `slow` times the cost of cifar10-valid. */
interface MadeUpDataset {
  readonly id: string;
  readonly title: string;
  readonly classes: number;
  readonly imageSize: number;
  readonly top: number;
  readonly images: number;
  readonly slow: number;
  readonly splits: readonly ("valid" | "test" | "valtest")[];
}

const DATASETS: readonly MadeUpDataset[] = [
  {
    id: "cifar10-valid",
    title: "CIFAR-10, trained on one half",
    classes: 10,
    imageSize: 32,
    top: 92,
    images: 25_000,
    slow: 1,
    splits: ["valid", "test"],
  },
  {
    id: "cifar10",
    title: "CIFAR-10",
    classes: 10,
    imageSize: 32,
    top: 95,
    images: 10_000,
    slow: 2,
    splits: ["test"],
  },
  {
    id: "cifar100",
    title: "CIFAR-100",
    classes: 100,
    imageSize: 32,
    top: 74,
    images: 5_000,
    slow: 2,
    splits: ["valid", "test", "valtest"],
  },
  {
    id: "imagenet16-120",
    title: "ImageNet16-120",
    classes: 120,
    imageSize: 16,
    top: 48,
    images: 3_000,
    slow: 6,
    splits: ["valid", "test", "valtest"],
  },
];

const ALL_EPOCHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** A number in [0, 1) for an architecture and a step: the same for the same name. */
function noise(name: string): (architecture: number, step: number) => number {
  const choose = trialChooser(hashOf(["generated-table", name]));
  return (architecture, step) => choose(architecture, step, 65_536) / 65_536;
}

/** How good each architecture is, 0 (chance) to 1, and how long it trains, in ms an epoch on cifar10-valid. */
const CELLS = (() => {
  const quality = new Float64Array(ARCHITECTURE_COUNT);
  const trainMs = new Float64Array(ARCHITECTURE_COUNT);
  const own = noise("architecture");
  for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
    const count = [0, 0, 0, 0, 0];
    for (const choice of choicesOf(architecture)) (count[choice] as number)++;
    const of = (choice: number) => count[choice] as number;
    const score = 0.3 + 0.09 * of(CONVOLUTION_3X3) + 0.06 * of(CONVOLUTION_1X1) + 0.02 * of(SKIP_CONNECT);
    quality[architecture] = isReachable(architecture) ? score + 0.12 * own(architecture, 0) : 0;
    trainMs[architecture] =
      5_600 +
      2_400 * of(CONVOLUTION_3X3) +
      1_200 * of(CONVOLUTION_1X1) +
      350 * of(SKIP_CONNECT) +
      400 * of(AVERAGE_POOL_3X3);
  }
  return { quality, trainMs };
})();

/** Share of the final accuracy that is reached; rises with the epoch. */
function progress(recipe: string, epoch: number): number {
  return recipe === "200-epochs" ? 0.98 : 0.45 + (0.45 * epoch) / (epoch + 4);
}

/** Rows and, for each, the seeds whose trials it holds: one, or several where means are asked for. */
function makeRows(seeds: readonly number[], third: number | null, options: GeneratedTableOptions) {
  const omitted = new Set(options.omit?.architectures ?? []);
  const hasThird = noise("third trial");
  const architecture: number[] = [];
  const members: number[][] = [];
  for (let index = 0; index < ARCHITECTURE_COUNT; index++) {
    if (omitted.has(index)) continue;
    const own = third !== null && hasThird(index, 0) < 0.5 ? [...seeds, third] : [...seeds];
    for (const group of options.aggregated === true ? [own] : own.map((seed) => [seed])) {
      architecture.push(index);
      members.push(group);
    }
  }
  const rows: TrialRows = {
    architecture: Uint16Array.from(architecture),
    trialSeed: members.map((group) => (options.aggregated === true ? null : (group[0] as number))),
    aggregatedSeeds: members.map((group) => (options.aggregated === true ? group : null)),
  };
  return { rows, members };
}

function makeRecipe(dataset: MadeUpDataset, recipe: string, options: GeneratedTableOptions): RecipeContent {
  const short = recipe === "12-epochs";
  const chosen = options.seeds?.[`${dataset.id}/${recipe}`];
  const usual = short ? (dataset.id === "cifar10-valid" ? [111, 777] : [111]) : [777, 888];
  const { rows, members } = makeRows(chosen ?? usual, short || chosen !== undefined ? null : 999, options);
  const epochs = short ? (options.epochs ?? ALL_EPOCHS) : [200];
  const count = members.length;
  const chance = 100 / dataset.classes;
  const toImages = (percent: number) => (Math.round((percent * dataset.images) / 100) * 100) / dataset.images;

  const accuracy = (split: string): Float32Array => {
    const values = new Float32Array(count * epochs.length);
    const draws = new Map<number, ReturnType<typeof noise>>();
    for (let row = 0; row < count; row++) {
      const architecture = rows.architecture[row] as number;
      const quality = CELLS.quality[architecture] as number;
      const group = members[row] as number[];
      for (const seed of group) {
        const draw = draws.get(seed) ?? noise(`${dataset.id}/${recipe}/${split}/${seed}`);
        draws.set(seed, draw);
        // The trial's luck is the same at every epoch; what an epoch adds is less than what the next one gains.
        const luck = 0.015 * (draw(architecture, 0) - 0.5);
        epochs.forEach((epoch, item) => {
          const share = (quality + luck) * progress(recipe, epoch) + 0.001 * draw(architecture, epoch);
          const percent = quality === 0 ? chance : chance + (dataset.top - chance) * share;
          (values[row * epochs.length + item] as number) += toImages(percent) / group.length;
        });
      }
    }
    return values;
  };
  const perTrial = (value: (architecture: number, epoch: number) => number, at: readonly number[]) => {
    const values = new Float32Array(count * at.length);
    for (let row = 0; row < count; row++) {
      const architecture = rows.architecture[row] as number;
      at.forEach((epoch, item) => {
        values[row * at.length + item] = value(architecture, epoch);
      });
    }
    return values;
  };

  const columns: MetricColumn[] = [];
  const add = (name: MetricName, values: Float32Array, at: MetricColumn["epochs"] = epochs) => {
    if (!options.omit?.metrics?.includes(name)) columns.push({ name, epochs: at, values, recorded: null });
  };
  const valid = dataset.splits.includes("valid") ? accuracy("valid") : null;
  const test = accuracy("test");
  const loss = (percents: Float32Array) => percents.map((percent) => Math.log(100 / Math.max(percent, 0.5)));
  const trainMs = (architecture: number, epoch: number) =>
    Math.round((CELLS.trainMs[architecture] as number) * dataset.slow) + (epoch % 2);
  const validMs = (architecture: number, epoch: number) => trainMs(architecture, 0) * 0.25 + 1_000 + (epoch % 3);
  if (valid !== null) {
    const listed = short && dataset.id === "cifar10-valid";
    // Training times are needed at every epoch, whatever epochs have an accuracy.
    const everyEpoch = listed ? ALL_EPOCHS : [0];
    add("validAccuracy", valid);
    add("validLoss", loss(valid));
    add("trainMs", perTrial(trainMs, everyEpoch), listed ? ALL_EPOCHS : "constant");
    add(
      "validMs",
      perTrial((cell, epoch) => Math.round(validMs(cell, epoch)), everyEpoch),
      listed ? ALL_EPOCHS : "constant",
    );
  }
  add("testAccuracy", test);
  add("testLoss", loss(test));
  if (valid !== null && dataset.splits.includes("valtest")) {
    const both = test.map((percent, at) => (percent + (valid[at] as number)) / 2);
    add("valtestAccuracy", both);
    add("valtestLoss", loss(both));
  }
  return { recipe, epochs: short ? 12 : 200, rows, columns };
}

/** The datasets of a generated table; see `writeGeneratedTable` for what they hold. */
export function generatedDatasets(options: GeneratedTableOptions): DatasetContent[] {
  return DATASETS.filter(({ id }) => !options.omit?.datasets?.includes(id)).map((dataset) => {
    const { id, title, classes, imageSize } = dataset;
    const recipes = ["12-epochs", "200-epochs"]
      .filter((recipe) => !options.omit?.recipes?.includes(recipe))
      .map((recipe) => makeRecipe(dataset, recipe, options));
    return { id, title, classes, imageSize, recipes };
  });
}
