import { RESNET_ARCHITECTURE } from "../../../leaderboard/generator/computed-rows.ts";
import { formatArchitecture } from "../../space/codec.ts";
import type { Split } from "../../training/trial.ts";
import { bullets, cellCode, code, counted, fixed, paragraphs, table } from "./markdown.ts";
import type { Distribution, RankedClass, RecipeSpread, SplitSpread } from "./spread-figures.ts";

/** Most classes that share the first rank and are shown. */
const MOST_SHOWN = 10;
const DISTRIBUTION_HEAD = [
  "split",
  "over",
  "classes",
  "mean",
  "sd",
  "lowest",
  "quarter",
  "median",
  "three quarters",
  "highest",
];
const SPLIT_NAMES: Readonly<Record<Split, string>> = { train: "training", valid: "validation", test: "test" };

function distributionRow(split: string, over: string, own: Distribution): string[] {
  const { classes, mean, deviation, least, quartiles, most } = own;
  return [split, over, fixed(classes, 0), ...[mean, deviation, least, ...quartiles, most].map((value) => fixed(value))];
}

function distributionRows({ split, all, connected }: SplitSpread): string[][] {
  const rows = [distributionRow(SPLIT_NAMES[split], "all classes", all)];
  if (connected !== null && connected.classes < all.classes) {
    rows.push(distributionRow(SPLIT_NAMES[split], "connected", connected));
  }
  return rows;
}

function classRows(label: string, split: string, classes: readonly RankedClass[]): string[][] {
  return classes
    .slice(0, MOST_SHOWN)
    .map(({ architecture, accuracy, bySeed, rank, cells }) => [
      `${label} on ${split}`,
      fixed(rank, 0),
      `${architecture}`,
      fixed(cells, 0),
      fixed(accuracy),
      ...bySeed.map((own) => fixed(own)),
    ]);
}

/** The splits that a search or a report reads. */
function judged({ splits }: RecipeSpread): SplitSpread[] {
  return splits.filter(({ split }) => split !== "train");
}

function extremes(spread: RecipeSpread): string[] {
  const rows = judged(spread).flatMap(({ split, best, worst, resnet }) => [
    ...classRows("best", SPLIT_NAMES[split], best),
    ...classRows("worst connected", SPLIT_NAMES[split], worst),
    ...(resnet === null ? [] : classRows("ResNet", SPLIT_NAMES[split], [resnet])),
  ]);
  return table(["", "rank", "class", "cells", "mean", ...spread.seeds.map((seed) => `seed ${seed}`)], rows);
}

/** What the spread on test images means, in sentences. */
function meaning({ splits }: RecipeSpread): string {
  const { connected, best, resnet } = splits.find(({ split }) => split === "test") as SplitSpread;
  if (connected === null) return "";
  const [lower, median, upper] = connected.quartiles;
  const shared = best.filter(({ rank }) => rank === 1).length;
  return [
    `The middle half of the connected classes has a test accuracy of ${fixed(lower)} to ${fixed(upper)}; the best is ${fixed(connected.most - median)} points above the median${shared > 1 ? `, and ${fixed(shared, 0)} classes share that mean` : ""}.`,
    resnet === null
      ? "ResNet's class is not in this table."
      : `ResNet's cell is at place ${fixed(resnet.rank, 0)} of ${fixed(splits[0]?.all.classes ?? 0, 0)} on test images, ${fixed(connected.most - resnet.accuracy)} points below the best.`,
  ].join(" ");
}

function recipeLines(spread: RecipeSpread): string[] {
  return [
    `### Recipe ${code(spread.recipe)}, after epoch ${spread.epoch}`,
    "",
    ...table(DISTRIBUTION_HEAD, spread.splits.flatMap(distributionRows), 2),
    ...paragraphs(meaning(spread)),
    ...extremes(spread),
  ];
}

/** The section on how accuracies are spread. */
export function spreadSection(spreads: readonly RecipeSpread[]): string[] {
  const named = spreads.flatMap((spread) =>
    judged(spread).flatMap(({ best, worst }) => [...best.slice(0, MOST_SHOWN), ...worst]),
  );
  const cells = new Map(named.map(({ architecture, cell }) => [architecture, cell] as const));
  const seeds = spreads.map((spread) => `${counted(spread.seeds.length, "seed")} of ${code(spread.recipe)}`);
  return [
    "## Spread of the accuracies",
    "",
    ...paragraphs(
      `Over the classes' mean accuracies (${seeds.join(", ")}). sd: standard deviation between classes, ddof 0. "Cells" is the number of the space's cells in the class, "rank" 1 plus the number of classes with a higher mean. Training accuracy is measured on few images and shows only how closely the networks fit.`,
    ),
    ...spreads.flatMap(recipeLines),
    ...paragraphs("The cells that are named above:"),
    ...bullets([
      `ResNet, a residual block of two 3x3 convolutions, cell ${fixed(RESNET_ARCHITECTURE, 0)}: ${cellCode(formatArchitecture(RESNET_ARCHITECTURE))}`,
      ...[...cells].sort(([a], [b]) => a - b).map(([architecture, cell]) => `class ${architecture}: ${cellCode(cell)}`),
    ]),
  ];
}
