import type { Recipe } from "../../../schemas/generated/recipe.ts";
import type { CostModel } from "../../../schemas/generated/table-card.ts";
import type { MetricColumn, MetricName } from "../../tables/column.ts";
import type { RecipeContent } from "../../tables/table-writer.ts";
import { simulatedMs } from "../cost-model.ts";
import type { NetworkShape } from "../network.ts";
import { networkMacs } from "../network-macs.ts";
import { type Split, trainedEdges } from "../trial.ts";
import type { BuiltTrial } from "./trial-line.ts";

/** All trials of one recipe: by seed, ascending, each for the same architectures in ascending order. */
export interface TrainedRecipe {
  readonly recipe: Recipe;
  readonly seeds: readonly { readonly seed: number; readonly trials: readonly BuiltTrial[] }[];
}

/** Number of images of each split. */
export type SplitCounts = Readonly<Record<Split, number>>;

interface Row {
  readonly seed: number;
  readonly trial: BuiltTrial;
}

const everyEpoch = (epochs: number) => Array.from({ length: epochs }, (_, at) => at + 1);

function curveColumn(
  name: MetricName,
  rows: readonly Row[],
  epochs: number,
  values: (row: Row) => Float32Array,
): MetricColumn {
  const column = new Float32Array(rows.length * epochs);
  rows.forEach((row, at) => {
    column.set(values(row), at * epochs);
  });
  return { name, epochs: everyEpoch(epochs), values: column, recorded: null };
}

/** Validation images that are evaluated after each epoch, shape [epochs]. */
function evaluatedImages(recipe: Recipe, counts: SplitCounts): number[] {
  return everyEpoch(recipe.epochs).map((epoch) =>
    epoch === recipe.epochs ? counts.valid : Math.min(recipe.evaluation.valid ?? counts.valid, counts.valid),
  );
}

/**
 * A recipe's trials as the content of a table: curves as they were measured, also where a training diverged; costs by the
 * model, in whole ms.
 * @param counts number of images of each split
 */
export function trainedRecipeContent(
  { recipe, seeds }: TrainedRecipe,
  shape: NetworkShape,
  counts: SplitCounts,
  cost: CostModel,
): RecipeContent {
  const rows: Row[] = seeds.flatMap(({ seed, trials }) => trials.map((trial) => ({ seed, trial })));
  const { epochs } = recipe;
  const curve = (split: Split, kind: "loss" | "accuracy", name: MetricName) =>
    curveColumn(name, rows, epochs, ({ trial }) => trial.result.curves[split][kind]);
  const macs = rows.map(({ trial }) => networkMacs(shape, trainedEdges(trial.architecture)));
  const trained = recipe.imagesPerEpoch ?? counts.train;
  const evaluated = evaluatedImages(recipe, counts);
  return {
    recipe: recipe.id,
    epochs,
    hasFilePerSeed: true,
    compression: "zstd",
    rows: {
      architecture: Uint16Array.from(rows, ({ trial }) => trial.architecture),
      trialSeed: rows.map(({ seed }) => seed),
      aggregatedSeeds: rows.map(() => null),
      weightsSha256: rows.map(({ trial }) => trial.result.weightsSha256),
    },
    columns: [
      curve("train", "accuracy", "trainAccuracy"),
      curve("train", "loss", "trainLoss"),
      curve("valid", "accuracy", "validAccuracy"),
      curve("valid", "loss", "validLoss"),
      {
        name: "trainMs",
        epochs: "constant",
        values: Float32Array.from(macs, (own) => simulatedMs(cost, own, { trained })),
        recorded: null,
      },
      {
        name: "validMs",
        epochs: everyEpoch(epochs),
        values: Float32Array.from(
          macs.flatMap((own) => evaluated.map((images) => simulatedMs(cost, own, { evaluated: images }))),
        ),
        recorded: null,
      },
      curve("test", "accuracy", "testAccuracy"),
      curve("test", "loss", "testLoss"),
    ],
  };
}
