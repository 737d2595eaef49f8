import { kendallTauB } from "../../statistics/rank-correlation.ts";
import type { MeasuredRecipe } from "./measured-recipe.ts";
import type { ReferenceColumn } from "./reference-values.ts";
import { independentTop, pick, SELECTIONS, type Selection, selectedPositions } from "./selections.ts";
import { networkSizes, type TrainedValues } from "./trained-values.ts";

/** Kendall's tau-b over each selection; null where fewer than two classes differ, or no independent top exists. */
export type SelectedTau = Readonly<Record<Selection, number | null>>;

/** One row of the table of rank correlations. */
export interface RankRow {
  readonly kind: "seeds" | "recipe" | "epochs" | "size" | "reference" | "scale";
  /** The recipe of the first variable; null if it is none. */
  readonly recipe: string | null;
  /** What is ranked, in words. */
  readonly first: string;
  readonly second: string;
  /** Rankings whose taus were averaged. */
  readonly averaged: number;
  readonly tau: SelectedTau;
}

/** The rank correlations of a table. */
export interface CorrelationFigures {
  readonly rows: readonly RankRow[];
  /** Number of classes of each selection. */
  readonly classes: Readonly<Record<Selection, number>>;
  /** Standard deviation of the tau of two rankings that have nothing to do with each other; null for fewer than two. */
  readonly chance: Readonly<Record<Selection, number | null>>;
}

type Numbers = ArrayLike<number>;

/** What is correlated with another variable; the taus of several rankings are averaged. */
interface Variable {
  readonly name: string;
  readonly recipe?: string;
  readonly rankings: readonly Numbers[];
}

/** Name of the multiply-accumulates of the main recipe's network. */
export const MACS = "MACs";

/** Mean of what is known, or null of nothing. */
function averageOf(taus: readonly (number | null)[]): number | null {
  const known = taus.filter((tau) => tau !== null);
  return known.length === 0 ? null : known.reduce((sum, tau) => sum + tau, 0) / known.length;
}

const tauOver = (x: Numbers, y: Numbers, positions: readonly number[] | null) =>
  positions === null ? null : kendallTauB(pick(x, positions), pick(y, positions));

/** Epochs at which halving methods stop: the last one, a third of it, a ninth and so on, ascending. */
export function rungEpochs(epochs: number): number[] {
  const rungs: number[] = [];
  for (let share = epochs; Math.round(share) >= 1; share /= 3) rungs.unshift(Math.round(share));
  return [...new Set(rungs)];
}

/** Standard deviation of tau between independent rankings of n items without ties (Kendall, 1938). */
function chanceDeviation(n: number): number | null {
  return n < 2 ? null : Math.sqrt((2 * (2 * n + 5)) / (9 * n * (n - 1)));
}

/** Computes rows for one table. */
class RowMaker {
  readonly #values: TrainedValues;
  readonly positions: Record<Selection, number[]>;
  readonly #target: Float64Array;
  readonly #targetName: string;

  constructor(values: TrainedValues) {
    this.#values = values;
    this.positions = selectedPositions(values);
    this.#target = values.main.means("test");
    this.#targetName = `${values.main.recipe.id}: test`;
  }

  /** A variable against another over the selections. */
  row(kind: RankRow["kind"], variable: Variable, second = this.#targetName, values: Numbers = this.#target): RankRow {
    const { name, recipe = null, rankings } = variable;
    const tau = SELECTIONS.map(
      (selection) =>
        [selection, averageOf(rankings.map((own) => tauOver(own, values, this.positions[selection])))] as const,
    );
    const taus = Object.fromEntries(tau) as unknown as SelectedTau;
    return { kind, recipe, first: name, second, averaged: rankings.length, tau: taus };
  }

  /** Every pair of a recipe's seeds, averaged; the top is chosen by trainings of neither. Null for a single seed. */
  seeds(own: MeasuredRecipe, split: "valid" | "test"): RankRow[] {
    const accuracies = own.accuracies(split);
    const pairs = accuracies.flatMap((_, a) => accuracies.slice(a + 1).map((__, at) => [a, a + 1 + at] as const));
    if (pairs.length === 0) return [];
    const over = (positionsOf: (pair: readonly [number, number]) => readonly number[] | null) =>
      averageOf(
        pairs.map((pair) => tauOver(accuracies[pair[0]] as Numbers, accuracies[pair[1]] as Numbers, positionsOf(pair))),
      );
    return [
      {
        kind: "seeds",
        recipe: own.recipe.id,
        first: `${own.recipe.id}: ${split === "test" ? "test" : "validation"}, one seed`,
        second: "the same, another seed",
        averaged: pairs.length,
        tau: {
          all: over(() => this.positions.all),
          connected: over(() => this.positions.connected),
          top: over((pair) => independentTop(this.#values, own, pair)),
        },
      },
    ];
  }

  /** A recipe's validation accuracy after its last epoch, single and averaged, with the target. */
  recipe(own: MeasuredRecipe): RankRow[] {
    const recipe = own.recipe.id;
    const seeds = own.seeds.length;
    const single = { recipe, name: `${recipe}: validation, one seed`, rankings: own.accuracies("valid") };
    const mean = { recipe, name: `${recipe}: validation, mean of ${seeds} seeds`, rankings: [own.means("valid")] };
    return (seeds > 1 ? [single, mean] : [single]).map((variable) => this.row("recipe", variable));
  }

  /** A recipe's validation accuracy after its rungs' epochs, with the target. */
  epochs(own: MeasuredRecipe): RankRow[] {
    const recipe = own.recipe.id;
    return rungEpochs(own.recipe.epochs).map((epoch) =>
      this.row("epochs", {
        recipe,
        name: `${recipe}: validation after epoch ${epoch}, one seed`,
        rankings: own.accuracies("valid", epoch),
      }),
    );
  }
}

/** The table's rank correlations. @param reference columns of another benchmark, each of shape [classes] */
export function correlationFigures(values: TrainedValues, reference: readonly ReferenceColumn[]): CorrelationFigures {
  const { recipes, main } = values;
  const maker = new RowMaker(values);
  const { parameters, macs } = networkSizes(values, main);
  const split = (own: MeasuredRecipe) => (own === main ? (["test", "valid"] as const) : (["valid"] as const));
  const rows = [
    ...recipes.flatMap((own) => split(own).flatMap((each) => maker.seeds(own, each))),
    ...recipes.flatMap((own) => maker.recipe(own)),
    ...recipes.flatMap((own) => maker.epochs(own)),
    maker.row("size", { name: "parameters", rankings: [parameters] }),
    maker.row("size", { name: MACS, rankings: [macs] }),
    ...reference.map(({ name, accuracies }) => maker.row("reference", { name, rankings: [accuracies] })),
    ...reference.map(({ name, accuracies }) => maker.row("scale", { name: MACS, rankings: [macs] }, name, accuracies)),
    ...reference.flatMap(({ name, accuracies }, at) =>
      reference
        .slice(at + 1)
        .map((other) => maker.row("scale", { name, rankings: [accuracies] }, other.name, other.accuracies)),
    ),
  ];
  const by = <T>(of: (count: number) => T) =>
    Object.fromEntries(SELECTIONS.map((selection) => [selection, of(maker.positions[selection].length)])) as Record<
      Selection,
      T
    >;
  return { rows, classes: by((count) => count), chance: by(chanceDeviation) };
}
