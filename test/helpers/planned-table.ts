import { locateDataset } from "../../core/plugins/dataset-splits.ts";
import { type LoadedTablePlan, readTablePlan } from "../../core/plugins/table-plan-file.ts";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { classRepresentatives } from "../../core/space/classes.ts";
import { isReachable } from "../../core/space/reachability.ts";
import { writeTable } from "../../core/tables/table-writer.ts";
import { type TrainedRecipe, trainedRecipeContent } from "../../core/training/build/trained-table.ts";
import type { BuiltTrial } from "../../core/training/build/trial-line.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import type { DatasetImages } from "../../schemas/generated/plugin-manifest.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";

/** The dataset plugin whose plan the table follows; its protocol and its benchmark have the same name. */
export const PLANNED = "fashion-mnist-8x8";

const CHANCE = 10;
const TOP = 90;
/** Width, in percentage points, of what trials of one cell differ by. */
const LUCK = 3;

/** The plan of {@link PLANNED} with its recipes. */
export function readPlan(): LoadedTablePlan {
  return readTablePlan(locateDataset(PLANNED).folder);
}

/** How good a cell is, 0 (chance) to 1: more convolutions are better, 3x3 more so, and no two cells are quite equal. */
function qualityOf(architecture: number): number {
  if (!isReachable(architecture)) return 0;
  const edges = trainedEdges(architecture);
  const of = (operation: string) => edges.filter((edge) => edge === operation).length;
  const own = new Random(hashOf(["planned-table", architecture])).uniform();
  return 0.5 + 0.06 * of("nor_conv_3x3") + 0.04 * of("nor_conv_1x1") + 0.02 * of("skip_connect") + 0.1 * own;
}

/** A training that never took place: accuracy rises with the epoch, and each trial has luck of its own. */
function madeUpTrial(
  { architecture, quality }: { readonly architecture: number; readonly quality: number },
  recipe: Recipe,
  seed: number,
  counts: DatasetImages,
): BuiltTrial {
  const random = new Random(hashOf(["planned-table", recipe.id, architecture, seed]));
  const curve = (split: "train" | "valid" | "test") => {
    const luck = LUCK * (random.uniform() - 0.5);
    const some = recipe.evaluation[split] ?? counts[split];
    const accuracy = Float32Array.from({ length: recipe.epochs }, (_, at) => {
      const isLast = at === recipe.epochs - 1;
      const images = isLast && split !== "train" ? counts[split] : some;
      const progress = 0.5 + (0.5 * (at + 1)) / recipe.epochs;
      const percent = quality === 0 ? CHANCE : CHANCE + ((TOP - CHANCE) * quality + luck) * progress;
      return (Math.round((percent * images) / 100) * 100) / images;
    });
    return { accuracy, loss: accuracy.map((percent) => Math.log(100 / percent)) };
  };
  return {
    architecture,
    result: {
      curves: { train: curve("train"), valid: curve("valid"), test: curve("test") },
      weightsSha256: hashOf(["planned-table weights", recipe.id, architecture, seed]),
      hasDiverged: false,
    },
  };
}

/**
 * Writes the table of the plan of {@link PLANNED} from made-up trainings: every recipe, seed and class that the real one
 * has, with the same costs and the same card. Only its files are not compressed, which takes long. The same plan gives the
 * same bytes.
 */
export function writePlannedTable(output: string): TableCard {
  const { name, version, title, images } = locateDataset(PLANNED).manifest;
  const { plan, recipes } = readPlan();
  const cells = classRepresentatives().map((architecture) => ({ architecture, quality: qualityOf(architecture) }));
  const trained: TrainedRecipe[] = plan.parts.map(({ seeds }, at) => {
    const recipe = recipes[at] as Recipe;
    const trialsOf = (seed: number) => cells.map((cell) => madeUpTrial(cell, recipe, seed, images));
    return { recipe, seeds: seeds.map((seed) => ({ seed, trials: trialsOf(seed) })) };
  });
  const shape = { imageSize: images.size, imageChannels: images.channels, classes: images.classes };
  const contents = trained.map((recipe) => ({
    ...trainedRecipeContent(recipe, { ...recipe.recipe.network, ...shape }, images, plan.cost),
    compression: "none" as const,
  }));
  const { description, ...identity } = plan.table;
  return writeTable(
    output,
    {
      ...identity,
      space: "nas-bench-201",
      keyedBy: "class",
      provenance: { description, sources: [] },
      expectedOptima: [],
      training: { dataset: { name, version }, recipes: [...recipes], cost: plan.cost },
    },
    [{ id: name, title, classes: images.classes, imageSize: images.size, recipes: contents }],
  );
}
