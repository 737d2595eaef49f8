import { code, counted, fixed, listed, paragraphs, percentage, table } from "./markdown.ts";
import type { NearBest, NoiseFigures } from "./noise-figures.ts";
import type { SeedNoise } from "./seed-noise.ts";
import { SELECTION_NAMES } from "./selections.ts";
import type { TrainedValues } from "./trained-values.ts";

/** Share from which on a part is called most of a whole. */
const MOSTLY = 0.6;

const HEAD = [
  "recipe",
  "split",
  "over",
  "classes",
  "sd between seeds",
  "se of the mean",
  "sd between classes",
  "noise in one training",
  "noise in the mean",
];

function noiseRow(own: SeedNoise): string[] {
  return [
    code(own.recipe),
    own.split === "test" ? "test" : "validation",
    SELECTION_NAMES[own.selection],
    fixed(own.classes, 0),
    fixed(own.seedDeviation, 3),
    fixed(own.standardError, 3),
    fixed(own.classDeviation, 3),
    percentage(own.noiseOfSingle),
    percentage(own.noiseOfMean),
  ];
}

function sharesText({ main }: TrainedValues, { seeds }: NoiseFigures): string {
  const ofMain = seeds.filter(({ recipe, split }) => recipe === main.recipe.id && split === "test");
  const broad = ofMain.find(({ selection }) => selection === "connected") ?? ofMain[0];
  const top = ofMain.find(({ selection }) => selection === "top");
  if (broad === undefined) return "";
  const first = `Of the variance of test accuracies of ${code(main.recipe.id)} over ${SELECTION_NAMES[broad.selection]}${broad.selection === "connected" ? " classes" : ""}, ${percentage(broad.noiseOfSingle)} is seed noise in single trainings and ${percentage(broad.noiseOfMean)} in means over ${counted(main.seeds.length, "seed")}.`;
  if (top === undefined) return first;
  const share = top.noiseOfMean ?? 0;
  const verdict =
    share > MOSTLY
      ? "so most of what separates the recorded means of good classes is chance"
      : share < 1 - MOSTLY
        ? "so most of what separates the recorded means of good classes is real"
        : "so what separates the recorded means of good classes is chance about as much as it is real";
  return `${first} Among the top 10 % it is ${percentage(top.noiseOfSingle)} and ${percentage(top.noiseOfMean)}, ${verdict}.`;
}

function nearText(near: NearBest | null, classes: number): string {
  if (near === null) {
    return "How many classes can't be told from the best one is not known: that needs two seeds and two classes.";
  }
  const lost = near.best - near.bestOnLeftOutSeed;
  const curse =
    lost > 0
      ? `the highest mean therefore promises about ${fixed(lost)} points too much`
      : "here the highest mean does not promise too much";
  const alike = near.withinTwoErrorsOfDifference;
  const [title, verdict] =
    alike === 1
      ? ["The best class is told from all others", "no other class comes that near"]
      : ["Which class is best is not known exactly", `these ${fixed(alike, 0)} can't be told from the best`];
  const pooled = near.selection === "top" ? "the top 10 %" : "all classes";
  return [
    `**${title}.** The highest mean is ${fixed(near.best)}. Counting that class, ${fixed(near.withinOneError, 0)} of ${counted(classes, "class", "classes")} have a mean at most one standard error (${fixed(near.standardError, 3)}, pooled over ${pooled}) below it, ${fixed(near.withinTwoErrors, 0)} at most two, and ${fixed(alike, 0)} at most two standard errors of a difference of two means (${fixed(near.twoErrorsOfDifference, 3)} points): ${verdict}.`,
    `The class that is best by all seeds but one has ${fixed(near.bestOnLeftOutSeed)} on the seed that was left out, on average over the seeds; ${curse}.`,
    "Within the benchmark this does not matter, since its fixed values are the truth that searches are measured by; it matters for saying that a cell is good.",
  ].join(" ");
}

function seedText({ seedMeans }: NoiseFigures): string {
  const recipes = [...new Set(seedMeans.map(({ recipe }) => recipe))];
  const parts = recipes.map((recipe) => {
    const own = seedMeans.filter((entry) => entry.recipe === recipe);
    return `${code(recipe)} ${listed(own.map(({ seed, accuracy }) => `${fixed(accuracy)} (seed ${seed})`))}`;
  });
  return `Noise is not independent between classes: trainings with one seed see the same images in the same order, and layers that two networks share start from the same weights. What moves all classes alike counts as noise above although it changes no ranking. Mean test accuracy over connected classes by seed: ${parts.join("; ")}.`;
}

function samplingText({ sampling }: NoiseFigures): string {
  return `**The test images are a sample, too.** All classes are measured on the same ${counted(sampling.images, "image")}. For other images of the same kind an accuracy has a standard error of ${fixed(sampling.atBest, 3)} points at the highest mean and ${fixed(sampling.atMedian, 3)} at the median, whatever the number of seeds. As far as the same images are hard for all classes it is common to them, so it limits statements about an accuracy more than comparisons on these images.`;
}

/** The section on noise. */
export function noiseSection(values: TrainedValues, figures: NoiseFigures): string[] {
  const single = values.recipes.filter(({ seeds }) => seeds.length < 2).map(({ recipe }) => code(recipe.id));
  return [
    "## Noise floor",
    "",
    ...paragraphs(
      "The same cell trained with another seed gets another accuracy. The table splits the variance of accuracies after the last epoch by a one-way random-effects model: *sd between seeds* is that of one class (pooled, unbiased), *se of the mean* that of its mean over the recipe's seeds, *sd between classes* what remains without noise. *Noise* is the share of the variance that is due to seeds, which is 1 less the intraclass correlation. These are estimates, the rougher the fewer classes; an estimated variance between classes below 0 counts as 0.",
      figures.seeds.length === 0
        ? ""
        : "The top 10 % are here chosen by trainings that the row does not use (each seed in turn for the others, or another recipe), because classes chosen for their own lucky trainings would look more alike than they are.",
      single.length === 0
        ? ""
        : `${listed(single)} ${single.length === 1 ? "has" : "have"} one seed, so nothing is known of the noise there.`,
    ),
    ...(figures.seeds.length === 0 ? [] : table(HEAD, figures.seeds.map(noiseRow), 3)),
    ...paragraphs(
      sharesText(values, figures),
      nearText(figures.nearBest, values.classes.length),
      seedText(figures),
      samplingText(figures),
    ),
  ];
}
