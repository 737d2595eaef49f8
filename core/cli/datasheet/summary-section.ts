import { MACS } from "./correlation-figures.ts";
import type { Datasheet } from "./datasheet.ts";
import { bullets, code, counted, escaped, fixed, listed, percentage } from "./markdown.ts";
import { methodSummary } from "./method-section.ts";

const DIGITS = 3;

function originText({ origin }: Datasheet): string {
  const recipes = origin.recipes.map(({ recipe, seeds }) => `${code(recipe)} with ${counted(seeds.length, "seed")}`);
  return `${counted(origin.classes, "class", "classes")} of NAS-Bench-201 cells trained on ${escaped(origin.dataset.title)}, ${origin.images.size} x ${origin.images.size} pixels, by the ${recipes.length === 1 ? "recipe" : "recipes"} ${listed(recipes)}: ${counted(origin.trainings, "training")}, each of which can be repeated bit for bit.`;
}

function spreadText({ gain, values: { main } }: Datasheet): string {
  const { randomCell, randomConnectedCell, optimum } = gain;
  return `Test accuracy of ${code(main.recipe.id)}: a random${randomConnectedCell === null ? "" : " connected"} cell has ${fixed(randomConnectedCell ?? randomCell)} on average, the best class ${fixed(optimum)}.`;
}

function noiseText({ noise, values: { main, classes } }: Datasheet): string {
  const { nearBest, seeds } = noise;
  if (nearBest === null)
    return "The seed noise of its final accuracies is not known: that needs two seeds and two classes.";
  const top = seeds.find(
    ({ recipe, split, selection }) => recipe === main.recipe.id && split === "test" && selection === "top",
  );
  const share =
    top === undefined
      ? ""
      : ` Among the top 10 %, ${percentage(top.noiseOfMean, 0)} of the variance of the recorded means is seed noise.`;
  return `A mean over ${counted(main.seeds.length, "seed")} has a standard error of ${fixed(nearBest.standardError, DIGITS)} points; counting the best itself, ${fixed(nearBest.withinTwoErrorsOfDifference, 0)} of ${counted(classes.length, "class", "classes")} can't be told from the best.${share}`;
}

function correlationText({ correlations, values: { main, others } }: Datasheet): string {
  const { id } = (others[0] ?? main).recipe;
  const row = correlations.rows.find(({ kind, recipe }) => kind === "recipe" && recipe === id);
  if (row === undefined) return "";
  return `One validation accuracy of ${code(id)} ranks connected classes like the final test accuracy with a tau of ${fixed(row.tau.connected, DIGITS)}, the top 10 % with ${fixed(row.tau.top, DIGITS)}.`;
}

function referenceText({ correlations, reference }: Datasheet): string {
  if (reference === null) return "";
  const rows = correlations.rows.filter(({ kind }) => kind === "reference");
  const sizes = correlations.rows.filter(({ kind, first }) => kind === "scale" && first === MACS);
  const parts = rows.map(({ first, tau }) => {
    const size = sizes.find(({ second }) => second === first)?.tau.connected ?? null;
    return `${fixed(tau.connected, DIGITS)} with ${first} (MACs alone: ${fixed(size, DIGITS)})`;
  });
  return `Over connected classes its ranking has a tau of ${listed(parts)} of the real NAS-Bench-201.`;
}

/** The section with what matters most, a sentence each. */
export function summarySection(datasheet: Datasheet): string[] {
  const sentences = [
    originText(datasheet),
    spreadText(datasheet),
    noiseText(datasheet),
    correlationText(datasheet),
    referenceText(datasheet),
    ...methodSummary(datasheet.methods),
  ];
  return ["## In short", "", ...bullets(sentences.filter((sentence) => sentence !== ""))];
}
