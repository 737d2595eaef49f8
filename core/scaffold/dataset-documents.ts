import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { TablePlan } from "../../schemas/generated/table-plan.ts";
import { titleOf } from "./scaffold-manifest.ts";

/** The manifest of a new dataset: what its entry draws. */
export function datasetManifest(name: string): DatasetManifest {
  return {
    kind: "dataset",
    apiVersion: 1,
    name,
    version: "0.1.0",
    title: titleOf(name),
    description: "Made-up stripes in noise, 8x8 grey pixels, in four directions that are to be told apart.",
    licence: "MIT",
    authors: ["Your Name"],
    entry: "index.ts",
    images: { size: 8, channels: 1, classes: 4, train: 512, valid: 64, test: 64 },
    table: "table",
    protocol: "protocol.json",
  };
}

const SHORT_EPOCHS = 2;
const FULL_EPOCHS = 4;

/** A recipe: so few images that a whole table takes minutes, and as many as tell good cells from bad ones. */
function recipe(id: string, title: string, epochs: number): Recipe {
  return {
    id,
    title,
    network: { channels: 8, cellsPerStage: 1 },
    epochs,
    imagesPerEpoch: 48,
    batchSize: 12,
    optimiser: { learningRate: 0.1, finalLearningRate: 0, momentum: 0.9, weightDecay: 0.0005 },
    // A mirrored stripe would be of another class.
    augmentation: { flip: false, cropPadding: 0 },
    normalization: { mean: [112], deviation: [61] },
    evaluation: { batchNorm: "running", batchSize: 64, train: 16, valid: 16, test: 16 },
  };
}

/** The recipes of a new dataset, by which its table is trained: one to search by and one to report. */
export const DATASET_RECIPES: readonly Recipe[] = [
  recipe("full", "Full: 192 images in four epochs", FULL_EPOCHS),
  recipe("short", "Short: 96 images in two epochs", SHORT_EPOCHS),
];

/** The plan of a new dataset's table: one seed of each recipe, about 38 ms a class on one core. */
export function datasetPlan(name: string): TablePlan {
  return {
    table: {
      id: name,
      version: "0.1.0",
      title: `${titleOf(name)}, every class of cells trained`,
      benchmark: name,
      licence: "MIT",
      description: "Made-up images, trained far too shortly to mean anything: a table to try the harness with.",
    },
    parts: [
      { recipe: "recipes/full.json", seeds: [1] },
      { recipe: "recipes/short.json", seeds: [1] },
    ],
    cost: {
      fixedUs: 7000,
      usPerMegaMac: 30_000,
      fit: "Made up: about a thousand times what one core of a PC takes, because simulated time is counted in whole ms. `nas-harness table cost` measures the constants.",
    },
  };
}

/** 100 times the mean cost of an evaluation at the last epoch of the short recipe, over all cells, in ms: a test computes it. */
export const DATASET_BUDGET_MS = 505_199;

/** The protocol of a new dataset: search by the short recipe, report after the full one. */
export function datasetProtocol(name: string): Protocol {
  const column = (split: "valid" | "test") => ({
    column: `${name}.${split}`,
    dataset: name,
    recipe: "full",
    split,
    epoch: FULL_EPOCHS,
  });
  return {
    id: name,
    version: "0.1.0",
    title: `${titleOf(name)}: about 100 short trainings`,
    description:
      "Search by the recipe short at either of its epochs, one random trial an evaluation; the proposal that does not fit is not taken. The budget is 100 times the mean cost of an evaluation at the last epoch over all cells. Unless a method answers for itself, the answer is the best evaluation at the last epoch; reported are its accuracies after the recipe full. Methods keep their settings for nas-bench-201. 500 runs as in the built-in protocols: they take seconds.",
    space: "nas-bench-201",
    table: name,
    settingsOf: "nas-bench-201",
    masterSeed: `${name}-1`,
    runs: 500,
    trainingBudget: null,
    searches: [
      {
        id: name,
        dataset: name,
        recipe: "short",
        split: "valid",
        trials: "random",
        fidelities: [1, SHORT_EPOCHS],
        cost: { validation: "recorded" },
        budget: { kind: "simulated-ms", limit: DATASET_BUDGET_MS, crossing: "reject" },
        answerEpochs: SHORT_EPOCHS,
        report: [column("valid"), column("test")],
      },
    ],
  };
}
