import { mean } from "simple-statistics";
import type { DatasetImages } from "../../../schemas/generated/plugin-manifest.ts";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import type { TableCard, TableDataset, TableTraining } from "../../../schemas/generated/table-card.ts";
import { classOf } from "../../space/classes.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { isReachable } from "../../space/reachability.ts";
import { SearchView } from "../../tables/search-view.ts";
import { openTestView } from "../../tables/test-view.ts";
import { networkMacs } from "../../training/network-macs.ts";
import { networkParameters } from "../../training/network-parameters.ts";
import { trainedEdges } from "../../training/trial.ts";
import { MeasuredRecipe } from "./measured-recipe.ts";

/** Everything that a datasheet is computed from, but for a reference and results. */
export interface TrainedValues {
  readonly card: TableCard;
  readonly training: TableTraining;
  readonly dataset: TableDataset;
  readonly images: DatasetImages;
  /** Representatives of the classes that the table holds, ascending. */
  readonly classes: readonly number[];
  /** Number of architectures of each class, shape [classes]. */
  readonly sizes: readonly number[];
  /** Whether the input reaches the output, shape [classes]. */
  readonly isConnected: readonly boolean[];
  /** In the card's order. */
  readonly recipes: readonly MeasuredRecipe[];
  /** The recipe with the costliest trainings: its test accuracy is what the others are compared with. */
  readonly main: MeasuredRecipe;
  /** The recipes besides {@link main}. */
  readonly others: readonly MeasuredRecipe[];
}

/** Number of architectures of the whole space by representative of their class. */
function classSizes(): Map<number, number> {
  const sizes = new Map<number, number>();
  for (let index = 0; index < ARCHITECTURE_COUNT; index++) {
    const own = classOf(index);
    sizes.set(own, (sizes.get(own) ?? 0) + 1);
  }
  return sizes;
}

/** Position of the recipe whose trainings cost most, evaluations included; the first of equals. */
function costliest(recipes: readonly MeasuredRecipe[]): number {
  const costs = recipes.map((own) => {
    const epochs = Array.from({ length: own.recipe.epochs }, (_, at) => at + 1);
    const parts = [own.trainingMs(), ...epochs.map((epoch) => own.validationMs(epoch))];
    return parts.reduce((sum, part) => sum + mean([...part]), 0);
  });
  return costs.indexOf(Math.max(...costs));
}

/**
 * Reads a trained table, test values too.
 * @param images as the dataset plugin's manifest states them
 * @throws NAS_TABLE_CORRUPT, NAS_NOT_RECORDED; NAS_TABLE_REFUSED if a class lacks a seed
 */
export function readTrainedValues(
  folder: string,
  card: TableCard,
  training: TableTraining,
  images: DatasetImages,
): TrainedValues {
  const search = new SearchView(folder, card);
  const dataset = card.datasets[0] as TableDataset;
  const first = dataset.recipes[0] as TableDataset["recipes"][number];
  const classes = [...new Set(search.trials(dataset.id, first.id).table.rows.architecture)];
  const recipes = dataset.recipes.map(({ id, seeds }) => {
    const recipe = training.recipes.find((own) => own.id === id) as Recipe;
    const views = { search: search.trials(dataset.id, id), test: openTestView(folder, card, dataset.id, id) };
    return new MeasuredRecipe(recipe, seeds, classes, views);
  });
  const at = costliest(recipes);
  const sizes = classSizes();
  return {
    card,
    training,
    dataset,
    images,
    classes,
    sizes: classes.map((own) => sizes.get(own) as number),
    isConnected: classes.map(isReachable),
    recipes,
    main: recipes[at] as MeasuredRecipe,
    others: recipes.filter((_, position) => position !== at),
  };
}

/** Size of each class's network as it is executed under a recipe. */
export interface NetworkSizes {
  /** Trainable parameters, shape [classes]. */
  readonly parameters: Float64Array;
  /** Multiply-accumulates of one image, shape [classes]. */
  readonly macs: Float64Array;
}

/** The sizes of the networks that a recipe trains. */
export function networkSizes({ classes, images }: TrainedValues, { recipe }: MeasuredRecipe): NetworkSizes {
  const shape = {
    ...recipe.network,
    imageSize: images.size,
    imageChannels: images.channels,
    classes: images.classes,
  };
  const edges = classes.map(trainedEdges);
  return {
    parameters: Float64Array.from(edges, (own) => networkParameters(shape, own)),
    macs: Float64Array.from(edges, (own) => networkMacs(shape, own)),
  };
}
