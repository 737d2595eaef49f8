import { harnessVersion } from "../../files/package-version.ts";
import type { LoadedTablePlan } from "../../plugins/table-plan-file.ts";
import { CLASS_COUNT } from "../../space/classes.ts";
import type { TrainedValues } from "./trained-values.ts";

/** How much of one recipe a table holds. */
export interface RecipeTrainings {
  readonly recipe: string;
  readonly seeds: readonly number[];
  readonly trainings: number;
  /** Trainings with a loss that is no number or infinite. */
  readonly diverged: number;
  /** Networks that differ in their weights after the first seed's trainings. */
  readonly distinctNetworks: number;
}

/** A recipe of the dataset's plan that the table does not hold as planned. */
export interface MissingPart {
  readonly recipe: string;
  /** Planned seeds that are not in the table. */
  readonly seeds: readonly number[];
}

/** What a table is and how much of it there is. */
export interface OriginFigures {
  readonly harness: string;
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly licence: string;
  readonly description: string;
  readonly searchContentHash: string;
  readonly dataset: { readonly title: string; readonly name: string; readonly version: string };
  readonly images: TrainedValues["images"];
  readonly recipes: readonly RecipeTrainings[];
  readonly trainings: number;
  readonly classes: number;
  /** Classes of the whole space. */
  readonly allClasses: number;
  /** Architectures that belong to the table's classes. */
  readonly architectures: number;
  readonly connectedClasses: number;
  readonly disconnectedClasses: number;
  readonly disconnectedArchitectures: number;
  /** Different networks among the classes, by the weights of the main recipe's first seed. */
  readonly distinctNetworks: number;
  readonly missing: readonly MissingPart[];
}

/** What a plan names and the table lacks. */
function missingParts({ recipes }: TrainedValues, plan: LoadedTablePlan | null): MissingPart[] {
  return (plan?.recipes ?? []).flatMap(({ id }, at) => {
    const held = recipes.find(({ recipe }) => recipe.id === id)?.seeds ?? [];
    const seeds = (plan?.plan.parts[at]?.seeds ?? []).filter((seed) => !held.includes(seed));
    return seeds.length === 0 ? [] : [{ recipe: id, seeds }];
  });
}

/** @param plan the dataset plugin's plan of its table, or null if it has none */
export function originFigures(values: TrainedValues, plan: LoadedTablePlan | null): OriginFigures {
  const { card, training, dataset, images, classes, sizes, isConnected } = values;
  const sum = (numbers: readonly number[]) => numbers.reduce((total, own) => total + own, 0);
  const recipes = values.recipes.map((own) => ({
    recipe: own.recipe.id,
    seeds: own.seeds,
    trainings: own.seeds.length * classes.length,
    diverged: own.diverged(),
    distinctNetworks: new Set(own.weights()[0]).size,
  }));
  const disconnected = Array.from(classes.keys()).filter((at) => !isConnected[at]);
  const main = recipes[values.recipes.indexOf(values.main)] as RecipeTrainings;
  return {
    harness: harnessVersion(),
    id: card.id,
    version: card.version,
    title: card.title,
    licence: card.licence,
    description: card.provenance.description,
    searchContentHash: card.searchContentHash,
    dataset: { title: dataset.title, ...training.dataset },
    images,
    recipes,
    trainings: sum(recipes.map((own) => own.trainings)),
    classes: classes.length,
    allClasses: CLASS_COUNT,
    architectures: sum(sizes),
    connectedClasses: classes.length - disconnected.length,
    disconnectedClasses: disconnected.length,
    disconnectedArchitectures: sum(disconnected.map((at) => sizes[at] as number)),
    distinctNetworks: main.distinctNetworks,
    missing: missingParts(values, plan),
  };
}
