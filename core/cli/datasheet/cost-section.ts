import { code, escaped, fixed, paragraphs } from "./markdown.ts";
import type { RecipeFigures } from "./recipe-section.ts";
import type { TrainedValues } from "./trained-values.ts";

/** The section on simulated costs. */
export function costSection({ training: { cost }, main }: TrainedValues, figures: readonly RecipeFigures[]): string[] {
  const own = figures.find(({ recipe }) => recipe === main.recipe.id) as RecipeFigures;
  const ratio = own.trainingSeconds.most / own.trainingSeconds.least;
  return [
    "## What it costs",
    "",
    ...paragraphs(
      "Costs are **simulated**: no measured time is in the table, so they are the same on every machine, and equal for all cells of a class and all seeds.",
    ),
    "```",
    `ms = (3 x images trained + images evaluated) x (${cost.fixedUs} + ${cost.usPerMegaMac} x MACs an image / 1,000,000) / 1,000, rounded`,
    "```",
    "",
    ...paragraphs(
      `How the two constants were fitted, in the words of the card: ${escaped(cost.fit)}`,
      `What that means: a budget in simulated time buys more trainings of cells with few MACs. The costliest class of ${code(main.recipe.id)} costs ${fixed(ratio, 1)} times as much as the cheapest. The formula does not predict how long a training takes on another machine, least of all on a GPU.`,
    ),
  ];
}
