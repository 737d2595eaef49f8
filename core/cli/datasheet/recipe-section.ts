import { max, mean, min } from "simple-statistics";
import type { Subset } from "../../../schemas/generated/recipe.ts";
import { code, counted, fixed, listed, paragraphs, table } from "./markdown.ts";
import type { MeasuredRecipe } from "./measured-recipe.ts";
import { networkSizes, type TrainedValues } from "./trained-values.ts";

/** What a recipe costs and how large its networks are; a range is over classes. */
export interface RecipeFigures {
  readonly recipe: string;
  /** Training images that are drawn over all epochs, repetitions included. */
  readonly imagesDrawn: number;
  /** That many times the training split. */
  readonly passes: number;
  readonly parameters: Range;
  readonly macs: Range;
  /** Simulated seconds of a whole training without evaluations. */
  readonly trainingSeconds: Range;
  /** Simulated seconds of a pass over all validation images. */
  readonly validationSeconds: Range;
}

/** Least, mean and greatest of a figure over classes. */
export interface Range {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

function rangeOf(values: ArrayLike<number>, divisor = 1): Range {
  const numbers = Array.from(values, (value) => value / divisor);
  return { least: min(numbers), mean: mean(numbers), most: max(numbers) };
}

function figuresOf(values: TrainedValues, own: MeasuredRecipe): RecipeFigures {
  const { recipe } = own;
  const sizes = networkSizes(values, own);
  const imagesDrawn = recipe.epochs * (recipe.imagesPerEpoch ?? values.images.train);
  return {
    recipe: recipe.id,
    imagesDrawn,
    passes: imagesDrawn / values.images.train,
    parameters: rangeOf(sizes.parameters),
    macs: rangeOf(sizes.macs),
    trainingSeconds: rangeOf(own.trainingMs(), 1000),
    validationSeconds: rangeOf(own.validationMs(), 1000),
  };
}

/** The figures of every recipe, in the card's order. */
export function recipeFigures(values: TrainedValues): RecipeFigures[] {
  return values.recipes.map((own) => figuresOf(values, own));
}

const span = ({ least, most }: Range, digits: number) => `${fixed(least, digits)} to ${fixed(most, digits)}`;

/** A row's label and its text for each recipe. */
type Setting = readonly [label: string, text: (own: MeasuredRecipe, figures: RecipeFigures) => string];

function settings({ images }: TrainedValues): Setting[] {
  const subset = (first: Subset, all: number) => fixed(Math.min(first ?? all, all), 0);
  return [
    ["epochs x images", ({ recipe }) => `${recipe.epochs} x ${fixed(recipe.imagesPerEpoch ?? images.train, 0)}`],
    [
      "images drawn in all",
      (_, own) => `${fixed(own.imagesDrawn, 0)} (${fixed(own.passes)} passes over the training split)`,
    ],
    [
      "network",
      ({ recipe: { network } }) =>
        `${network.channels}, ${2 * network.channels} and ${4 * network.channels} channels in three stages of ${counted(network.cellsPerStage, "cell")}`,
    ],
    ["parameters", (_, own) => span(own.parameters, 0)],
    ["MACs an image", (_, own) => span(own.macs, 0)],
    ["batch", ({ recipe }) => counted(recipe.batchSize, "image")],
    [
      "optimiser",
      ({ recipe: { optimiser } }) =>
        `SGD, Nesterov momentum ${optimiser.momentum}, weight decay ${optimiser.weightDecay} on all parameters`,
    ],
    [
      "learning rate",
      ({ recipe: { optimiser } }) =>
        `${optimiser.learningRate}, by a cosine towards ${optimiser.finalLearningRate}, constant within an epoch`,
    ],
    [
      "augmentation",
      ({ recipe: { augmentation } }) =>
        listed([
          augmentation.flip ? "a left-right flip with probability 1/2" : "no flip",
          augmentation.cropPadding === 0
            ? "no crop"
            : `a random crop after padding by ${counted(augmentation.cropPadding, "black pixel")}`,
        ]),
    ],
    [
      "pixels",
      ({ recipe: { normalization } }) =>
        `(value - ${normalization.mean.join(", ")}) / ${normalization.deviation.join(", ")}`,
    ],
    [
      "batch normalisation when evaluated",
      ({ recipe }) => (recipe.evaluation.batchNorm === "running" ? "running averages" : "statistics of the batch"),
    ],
    [
      "evaluated after each epoch",
      ({ recipe: { evaluation } }) =>
        `the first ${subset(evaluation.train, images.train)} training, ${subset(evaluation.valid, images.valid)} validation and ${subset(evaluation.test, images.test)} test images`,
    ],
    [
      "evaluated after the last epoch",
      ({ recipe: { evaluation } }) =>
        `the first ${subset(evaluation.train, images.train)} training images, all ${fixed(images.valid, 0)} validation and ${fixed(images.test, 0)} test images`,
    ],
    [
      "simulated seconds of a training, without evaluations",
      (_, own) => `${span(own.trainingSeconds, 1)}, mean ${fixed(own.trainingSeconds.mean, 1)}`,
    ],
    [
      "simulated seconds of a pass over the validation images",
      (_, own) => `${span(own.validationSeconds, 1)}, mean ${fixed(own.validationSeconds.mean, 1)}`,
    ],
  ];
}

/** The section with the recipes in full. */
export function recipeSection(values: TrainedValues, figures: readonly RecipeFigures[]): string[] {
  const { recipes, main, others } = values;
  const role =
    others.length === 0
      ? `There is one recipe, ${code(main.recipe.id)}.`
      : `The trainings of ${code(main.recipe.id)} cost most: its test accuracy, the mean over ${counted(main.seeds.length, "seed")}, is what this page measures everything against.`;
  return [
    "## How it was trained",
    "",
    ...paragraphs(
      `${role} A trial seed decides the initial weights, the order of the images and the augmentation. Each epoch takes its images in turn from shuffled passes over the training split. Stem, reductions between the stages and head are those of NAS-Bench-201; batch normalisation has trained scale and shift.`,
    ),
    ...table(
      ["", ...recipes.map(({ recipe }) => code(recipe.id))],
      settings(values).map(([label, text]) => [
        label,
        ...recipes.map((own, at) => text(own, figures[at] as RecipeFigures)),
      ]),
      1 + recipes.length,
    ),
  ];
}
