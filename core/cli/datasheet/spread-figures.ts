import { quantileSorted } from "simple-statistics";
import { RESNET_ARCHITECTURE } from "../../../leaderboard/generator/computed-rows.ts";
import { classOf } from "../../space/classes.ts";
import { formatArchitecture } from "../../space/codec.ts";
import { meanAndStd } from "../../statistics/run-statistics.ts";
import { SPLITS, type Split } from "../../training/trial.ts";
import type { MeasuredRecipe } from "./measured-recipe.ts";
import { pick, selectedPositions } from "./selections.ts";
import type { TrainedValues } from "./trained-values.ts";

/** How many of the best and of the worst classes are named. */
const NAMED_CLASSES = 3;

/** The distribution of the classes' mean accuracies, in percent. */
export interface Distribution {
  readonly classes: number;
  readonly mean: number;
  /** Standard deviation with ddof 0: the classes are all there are. */
  readonly deviation: number;
  readonly least: number;
  /** Lower quartile, median and upper quartile, linear between order statistics. */
  readonly quartiles: readonly [lower: number, median: number, upper: number];
  readonly most: number;
}

/** A class with its accuracies in percent. */
export interface RankedClass {
  /** The class's representative. */
  readonly architecture: number;
  readonly cell: string;
  /** Number of architectures of the class. */
  readonly cells: number;
  /** Mean over the seeds. */
  readonly accuracy: number;
  /** By seed, in the order of the recipe's seeds. */
  readonly bySeed: readonly number[];
  /** 1 and the number of classes with a higher mean. */
  readonly rank: number;
}

/** One split of a recipe after its last epoch. */
export interface SplitSpread {
  readonly split: Split;
  readonly all: Distribution;
  /** Null if no class is connected. */
  readonly connected: Distribution | null;
  /** The best classes, every one that shares the first rank among them. */
  readonly best: readonly RankedClass[];
  /** The worst connected classes, the worst first. */
  readonly worst: readonly RankedClass[];
  /** The class of the cell that NAS-Bench-201 calls ResNet; null if the table lacks it. */
  readonly resnet: RankedClass | null;
}

/** The spread of one recipe. */
export interface RecipeSpread {
  readonly recipe: string;
  readonly epoch: number;
  readonly seeds: readonly number[];
  readonly splits: readonly SplitSpread[];
}

/** @param values at least one */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const { mean, std } = meanAndStd(values);
  return {
    classes: values.length,
    mean,
    deviation: std,
    least: sorted[0] as number,
    quartiles: [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.5), quantileSorted(sorted, 0.75)],
    most: sorted.at(-1) as number,
  };
}

function splitSpread(values: TrainedValues, own: MeasuredRecipe, split: Split): SplitSpread {
  const { classes, sizes } = values;
  const { connected } = selectedPositions(values);
  const accuracies = own.accuracies(split);
  const means = own.means(split);
  const ranked = (at: number): RankedClass => {
    const architecture = classes[at] as number;
    return {
      architecture,
      cell: formatArchitecture(architecture),
      cells: sizes[at] as number,
      accuracy: means[at] as number,
      bySeed: accuracies.map((bySeed) => bySeed[at] as number),
      rank: 1 + means.filter((other) => other > (means[at] as number)).length,
    };
  };
  const descending = (positions: readonly number[]) =>
    [...positions].sort((a, b) => (means[b] as number) - (means[a] as number) || a - b);
  const order = descending(Array.from(classes.keys()));
  const highest = means.filter((mean) => mean === means[order[0] as number]).length;
  const resnet = classes.indexOf(classOf(RESNET_ARCHITECTURE));
  return {
    split,
    all: distributionOf([...means]),
    connected: connected.length === 0 ? null : distributionOf(pick(means, connected)),
    best: order.slice(0, Math.max(highest, NAMED_CLASSES)).map(ranked),
    worst: descending(connected).reverse().slice(0, NAMED_CLASSES).map(ranked),
    resnet: resnet < 0 ? null : ranked(resnet),
  };
}

/** How the classes' accuracies are spread: every recipe, in the card's order. */
export function spreadFigures(values: TrainedValues): RecipeSpread[] {
  return values.recipes.map((own) => ({
    recipe: own.recipe.id,
    epoch: own.recipe.epochs,
    seeds: own.seeds,
    splits: [...SPLITS].reverse().map((split) => splitSpread(values, own, split)),
  }));
}
