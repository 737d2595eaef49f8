import { bullets, code, counted, fixed, listed } from "./markdown.ts";
import type { NoiseFigures } from "./noise-figures.ts";
import type { RecipeFigures } from "./recipe-section.ts";
import type { TrainedValues } from "./trained-values.ts";

function trainingText({ recipes }: TrainedValues, figures: readonly RecipeFigures[]): string {
  const parts = recipes.map(({ recipe }, at) => `${code(recipe.id)} ${fixed((figures[at] as RecipeFigures).passes)}`);
  return `**Conclusions about fully trained networks.** The trainings make ${listed(parts)} passes over the training split. What ranks high is what learns fast under these recipes; longer training may rank otherwise, and this table can't say by how much.`;
}

/** The section on what a table is not fit for. */
export function limitsSection(values: TrainedValues, recipes: readonly RecipeFigures[], noise: NoiseFigures): string[] {
  const { images, main } = values;
  const difference = noise.nearBest?.twoErrorsOfDifference ?? null;
  const channels = images.channels === 1 ? "grey images" : `images of ${fixed(images.channels, 0)} channels`;
  return [
    "## What it is not fit for",
    "",
    ...bullets([
      `**Comparison with numbers of papers.** Accuracies, regrets and search times here are of ${images.size} x ${images.size} ${channels}, networks and recipes of this project (see "How it was trained"). They can't be put beside published NAS-Bench-201 or NATS-Bench rows, and a rank here is no rank there.`,
      `**Claims about larger images, other data or larger networks.** The table holds one dataset. A method that wins here has won on one dataset.`,
      trainingText(values, recipes),
      `**Saying that one good cell is better than another.** The table has ${counted(main.seeds.length, "seed")} of ${code(main.recipe.id)}${difference === null ? "" : `; means of good classes that differ by less than ${fixed(difference, 2)} points (two standard errors of a difference) are not in an established order`}. Report regret or accuracy, not the rank of the cell that was found.`,
      "**Ever finer differences between methods.** The test values of all classes are in the table and are the same for everybody. Who tunes a method's settings until its test column rises fits this table's noise; choose settings by validation columns or on another table.",
      "**Wall-clock time, energy or memory.** Costs come from a formula in multiply-accumulates, not from a device that somebody deploys to.",
      "**Weighing all cells alike.** Classes have different numbers of cells. A mean over the space's cells weighs a class by its size, a mean over classes does not; say which one you report.",
    ]),
    "It is fit for testing, teaching and comparing search methods under equal and exactly repeatable conditions, on values that come from real trainings and can be trained again.",
    "",
  ];
}
