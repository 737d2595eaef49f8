import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LoadedTablePlan } from "../../core/plugins/table-plan-file.ts";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { encodeIdxImages, encodeIdxLabels } from "../../core/training/idx-format.ts";
import type { ImageSet } from "../../core/training/image-set.ts";
import { SPLITS, type SplitImages } from "../../core/training/trial.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { TablePlan } from "../../schemas/generated/table-plan.ts";
import { datasetManifest, IDX_SOURCE, writeDataset } from "../plugins/datasets/dataset-plugin.ts";

const SIZE = 8;
const CLASSES = 3;
const COUNTS = { train: 48, valid: 24, test: 24 } as const;

/** By class, whether a pixel is bright: rows, columns or blocks. */
const PATTERNS: readonly ((row: number, column: number) => boolean)[] = [
  (row) => row % 2 === 0,
  (_, column) => column % 2 === 0,
  (row, column) => (row >> 2) + (column >> 2) === 1,
];

function toySplit(split: (typeof SPLITS)[number]): ImageSet {
  const random = new Random(hashOf(["toy", split]));
  const count = COUNTS[split];
  const labels = Uint8Array.from({ length: count }, (_, at) => at % CLASSES);
  const pixels = Uint8Array.from({ length: count * SIZE * SIZE }, (_, at) => {
    const [image, pixel] = [Math.floor(at / (SIZE * SIZE)), at % (SIZE * SIZE)];
    const isBright = PATTERNS[labels[image]!]!(Math.floor(pixel / SIZE), pixel % SIZE);
    return random.integer(176) + (isBright ? 79 : 0);
  });
  return { pixels, labels, count, size: SIZE, channels: 1, classes: CLASSES };
}

/** Made-up images of 8x8 pixels in three classes that can be told apart: 48 to train on, 24 and 24. */
export function toyImages(): SplitImages {
  return { train: toySplit("train"), valid: toySplit("valid"), test: toySplit("test") };
}

/** A recipe of two epochs of 32 images in batches of 16; `overrides` replaces whole fields. */
export function toyRecipe(overrides: Partial<Recipe> = {}): Recipe {
  return {
    id: "short",
    title: "Two epochs",
    network: { channels: 8, cellsPerStage: 1 },
    epochs: 2,
    imagesPerEpoch: 32,
    batchSize: 16,
    optimiser: { learningRate: 0.1, finalLearningRate: 0, momentum: 0.9, weightDecay: 0.0005 },
    augmentation: { flip: true, cropPadding: 1 },
    normalization: { mean: [115], deviation: [65] },
    evaluation: { batchNorm: "running", batchSize: 16, train: 16, valid: 12, test: null },
    ...overrides,
  };
}

/** The toy dataset's two recipes. */
export const TOY_RECIPES: readonly Recipe[] = [
  toyRecipe(),
  toyRecipe({
    id: "full",
    title: "Two epochs without a crop",
    augmentation: { flip: true, cropPadding: 0 },
    evaluation: { batchNorm: "batch", batchSize: 16, train: 16, valid: null, test: 8 },
  }),
];

/** A recipe whose losses leave the range of numbers. */
export const DIVERGING_RECIPE: Recipe = toyRecipe({
  id: "wild",
  title: "A learning rate at which every training diverges",
  epochs: 3,
  optimiser: { learningRate: 1e6, finalLearningRate: 1e6, momentum: 0.9, weightDecay: 0.0005 },
});

/** Two seeds of each recipe unless others are given. */
export function toyPlan(
  recipes: readonly Recipe[] = TOY_RECIPES,
  seeds: readonly [number, ...number[]] = [1, 2],
): LoadedTablePlan {
  const plan: TablePlan = {
    table: {
      id: "toy-table",
      version: "0.1.0",
      title: "Toy",
      benchmark: "toy",
      licence: "MIT",
      description: "Trained in a test.",
    },
    parts: recipes.map(({ id }) => ({ recipe: `recipes/${id}.json`, seeds: [...seeds] })) as TablePlan["parts"],
    cost: { fixedUs: 2500, usPerMegaMac: 40_000, fit: "made up" },
  };
  return { plan, recipes, parts: seeds.flatMap((seed) => recipes.map((recipe) => ({ recipe, seed }))) };
}

/** What a card says of the toy dataset. */
export const TOY_DATASET = { name: "toy", version: "1.0.0", title: "Toy" } as const;

const writeJson = (file: string, document: unknown) => writeFileSync(file, JSON.stringify(document, null, 2));

/** Writes recipes, one file each, into a folder. */
export function writeRecipes(folder: string, recipes: readonly Recipe[]): void {
  mkdirSync(folder, { recursive: true });
  for (const recipe of recipes) writeJson(path.join(folder, `${recipe.id}.json`), recipe);
}

/**
 * Writes the plugin of the toy dataset: images, recipes and a table plan.
 * @param loaded null: without a table plan
 * @returns the folder
 */
export function writeToyDataset(folder: string, loaded: LoadedTablePlan | null = toyPlan()): string {
  const images = toyImages();
  const shape = { size: SIZE, channels: 1, classes: CLASSES, ...COUNTS };
  writeDataset(folder, datasetManifest({ ...TOY_DATASET, images: shape }), IDX_SOURCE);
  for (const split of SPLITS) {
    writeFileSync(path.join(folder, `${split}-images.idx`), encodeIdxImages(images[split]));
    writeFileSync(path.join(folder, `${split}-labels.idx`), encodeIdxLabels(images[split]));
  }
  if (loaded === null) return folder;
  writeRecipes(path.join(folder, "recipes"), loaded.recipes);
  writeJson(path.join(folder, "table-plan.json"), loaded.plan);
  return folder;
}

/** A handful of representatives, ascending: ordinary cells, one with dead edges (19), one of zeros (12), all 3x3 (1462). */
export const TOY_ARCHITECTURES: readonly number[] = [0, 12, 19, 1462, 4003];
