import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readTrainedValues, type TrainedValues } from "../../../core/cli/datasheet/trained-values.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { fingerprintParts } from "../../../core/training/build/part-inputs.ts";
import { assembleTable } from "../../../core/training/build/table-assembly.ts";
import { formatTrial } from "../../../core/training/build/trial-line.ts";
import { storeFile } from "../../../core/training/build/trial-store.ts";
import { type Split, trainedEdges } from "../../../core/training/trial.ts";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import type { TableCard, TableTraining } from "../../../schemas/generated/table-card.ts";
import type { TablePlan } from "../../../schemas/generated/table-plan.ts";
import { TOY_DATASET, toyImages, toyPlan, toyRecipe } from "../../helpers/toy-dataset.ts";

/** What a manifest of the toy dataset says of its images. */
export const TOY_IMAGES = { size: 8, channels: 1, classes: 3, train: 48, valid: 24, test: 24 } as const;

/** A recipe of three epochs of 48 images: the costliest of the known table. */
export const FULL: Recipe = toyRecipe({ id: "full", title: "Three epochs", epochs: 3, imagesPerEpoch: 48 });
/** A recipe of two epochs of 16 images. */
export const SHORT: Recipe = toyRecipe({ id: "short", title: "Two epochs", imagesPerEpoch: 16 });

/** A training of which an accuracy is wanted. */
export interface KnownTraining {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly architecture: number;
  readonly split: Split;
  /** From 1. */
  readonly epoch: number;
}

/** A table whose accuracies a test decides. */
export interface KnownTable {
  /** Representatives, ascending. */
  readonly classes: readonly number[];
  /** Seeds by recipe; three of `full` and two of `short` unless given. */
  readonly parts?: readonly { readonly recipe: Recipe; readonly seeds: readonly [number, ...number[]] }[];
  /** Percent. */
  readonly accuracy: (training: KnownTraining) => number;
  /** True where the losses of a training are NaN; nowhere unless given. */
  readonly diverges?: (training: Pick<KnownTraining, "recipe" | "seed" | "architecture">) => boolean;
}

const SPLITS = ["train", "valid", "test"] as const;
const PARTS = [
  { recipe: SHORT, seeds: [1, 2] },
  { recipe: FULL, seeds: [1, 2, 3] },
] as const;

function line(table: KnownTable, recipe: Recipe, seed: number, architecture: number, inputs: string): string {
  const loss = table.diverges?.({ recipe, seed, architecture }) === true ? Number.NaN : 1;
  const curve = (split: Split) => ({
    loss: new Float32Array(recipe.epochs).fill(loss),
    accuracy: Float32Array.from({ length: recipe.epochs }, (_, at) =>
      table.accuracy({ recipe, seed, architecture, split, epoch: at + 1 }),
    ),
  });
  const [train, valid, test] = SPLITS.map(curve) as [
    ReturnType<typeof curve>,
    ReturnType<typeof curve>,
    ReturnType<typeof curve>,
  ];
  // Networks that are equal but for edges that lead nowhere end with equal weights, as when they are trained.
  const weightsSha256 = hashOf(["known", recipe.id, seed, JSON.stringify(trainedEdges(architecture))]);
  const result = { curves: { train, valid, test }, weightsSha256, hasDiverged: Number.isNaN(loss) };
  return `${formatTrial({ architecture, result }, inputs)}\n`;
}

/** Writes the table through the trial store and the assembly of `table build`. */
export function writeKnownTable(folder: string, table: KnownTable): TableCard {
  const work = path.join(folder, "work");
  const images = toyImages();
  const parts = table.parts ?? PARTS;
  for (const { recipe, seeds } of parts) {
    for (const part of fingerprintParts(
      seeds.map((seed) => ({ recipe, seed })),
      images,
    )) {
      const file = storeFile(work, part, null);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, table.classes.map((own) => line(table, recipe, part.seed, own, part.inputs)).join(""));
    }
  }
  const plan: TablePlan = {
    ...toyPlan().plan,
    parts: parts.map(({ recipe, seeds }) => ({ recipe: `recipes/${recipe.id}.json`, seeds: [...seeds] })),
  };
  return assembleTable({
    work,
    plan,
    recipes: parts.map(({ recipe }) => recipe),
    dataset: TOY_DATASET,
    images,
    architectures: table.classes,
    output: path.join(folder, "table"),
    overwrite: false,
  });
}

/** Writes the table and reads it as a datasheet does. */
export function knownValues(folder: string, table: KnownTable): TrainedValues {
  const card = writeKnownTable(folder, table);
  return readTrainedValues(path.join(folder, "table"), card, card.training as TableTraining, TOY_IMAGES);
}
