import { existsSync } from "node:fs";
import path from "node:path";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { type LoadedTablePlan, readTablePlan, TABLE_PLAN_NAME } from "../plugins/table-plan-file.ts";
import { parseArchitecture } from "../space/codec.ts";
import { openOperations } from "../training/backend-operations.ts";
import { selectImages } from "../training/image-set.ts";
import type { Operations } from "../training/operations.ts";
import { type SplitImages, trainTrial } from "../training/trial.ts";
import { trainableImages } from "./dataset-image-checks.ts";
import type { DatasetSubject } from "./dataset-subject.ts";
import type { Check } from "./finding.ts";
import { faultOf, faultsOf } from "./harness-faults.ts";

/** A cell with every operation that computes something. */
const CELL = parseArchitecture(
  "|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|",
);

/** The plan of a dataset, why it can't be read, or null if there is none. */
export type ReadPlan = { readonly plan: LoadedTablePlan } | { readonly fault: string } | null;

/** Reads the plan of a dataset's folder. */
export function readPlan(folder: string): ReadPlan {
  if (!existsSync(path.join(folder, TABLE_PLAN_NAME))) return null;
  try {
    return { plan: readTablePlan(folder) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** Recipe files that would stay behind if the plugin's folder went elsewhere. */
function outside({ plan }: LoadedTablePlan): string[] {
  return plan.parts
    .map(({ recipe }) => recipe)
    .filter((recipe) => path.isAbsolute(recipe) || path.normalize(recipe).startsWith(".."))
    .map((recipe) => `${TABLE_PLAN_NAME} names ${recipe}, which is not inside the plugin's folder`);
}

/** Trains one step of a recipe and evaluates one batch of each split. */
function trainingFaults(operations: Operations, images: SplitImages, recipe: Recipe): string[] {
  const { batchSize, evaluation } = recipe;
  const first = (split: "valid" | "test") =>
    selectImages(images[split], 0, Math.min(evaluation.batchSize, images[split].count));
  const few = { train: images.train, valid: first("valid"), test: first("test") };
  const step: Recipe = {
    ...recipe,
    epochs: 1,
    imagesPerEpoch: Math.min(batchSize, recipe.imagesPerEpoch ?? images.train.count),
    evaluation: { ...evaluation, train: Math.min(evaluation.batchSize, images.train.count) },
  };
  const diverges = ["it diverges: after one step a loss is no number"];
  const faults: string[] = [];
  faults.push(
    ...faultsOf(() => {
      if (trainTrial(operations, few, step, CELL, 1).hasDiverged) faults.push(...diverges);
    }),
  );
  return faults.map((fault) => `recipe ${recipe.id}: ${fault}`);
}

/** By channel, mean and standard deviation of pixels. */
function pixelStatistics({ pixels, channels }: SplitImages["train"]): { mean: number; deviation: number }[] {
  return Array.from({ length: channels }, (_, channel) => {
    const count = pixels.length / channels;
    let [sum, squares] = [0, 0];
    for (let at = channel; at < pixels.length; at += channels) {
      const pixel = pixels[at] as number;
      sum += pixel;
      squares += pixel * pixel;
    }
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  });
}

/** Says where a recipe's normalisation is far from the training pixels: by half a deviation, or by half of it. */
function normalizationRemarks({ id, normalization }: Recipe, { train }: SplitImages): string[] {
  const of = (list: readonly number[], channel: number) => list[list.length === 1 ? 0 : channel] as number;
  return pixelStatistics(train).flatMap(({ mean, deviation }, channel) => {
    const stated = { mean: of(normalization.mean, channel), deviation: of(normalization.deviation, channel) };
    const isNear =
      Math.abs(stated.mean - mean) <= deviation / 2 &&
      stated.deviation <= 2 * deviation &&
      stated.deviation >= deviation / 2;
    const measured = `mean ${mean.toFixed(1)}, deviation ${deviation.toFixed(1)}`;
    return isNear
      ? []
      : [`recipe ${id} normalises channel ${channel} by other values than the training pixels': ${measured}`];
  });
}

/** The check of the plan and its recipes. @throws NAS_TRAINING_BACKEND if this machine can't train */
export const RECIPE_CHECK: Check<DatasetSubject> = {
  name: "recipes",
  title: "the plan's recipes are valid, and a network trains one step by each",
  find: async (subject) => {
    const read = readPlan(subject.plugin.folder);
    if (read === null) return { skipped: `there is no ${TABLE_PLAN_NAME}: nothing is trained on it` };
    if ("fault" in read) return { faults: [read.fault] };
    const { plan } = read;
    const faults = outside(plan);
    const images = await trainableImages(subject);
    if (images === null)
      return faults.length > 0 ? { faults } : { skipped: "they can be read, but images to train on can't" };
    const operations = await openOperations("wasm");
    faults.push(...plan.recipes.flatMap((recipe) => trainingFaults(operations, images, recipe)));
    if (faults.length > 0) return { faults };
    return { faults, remarks: plan.recipes.flatMap((recipe) => normalizationRemarks(recipe, images)) };
  },
};
