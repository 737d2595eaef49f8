import type { TableCard, TableRecipe } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { classOf } from "../space/classes.ts";
import { METRIC_NAMES, type MetricName } from "../tables/column.ts";
import { keysOf } from "../tables/optimum-check.ts";

/** The splits of a table in the order of its columns. */
export const SPLITS = ["train", "valid", "test", "valtest"] as const;

/** A range of integers, both ends included; one integer has equal ends. */
export interface IntegerRange {
  readonly first: number;
  readonly last: number;
}

/** What of a table is wanted; whatever is not given is not restricted. */
export interface Selection {
  readonly datasets?: readonly string[] | undefined;
  readonly recipes?: readonly string[] | undefined;
  /** Metrics of these splits only; sizes and latency belong to none and are always there. */
  readonly splits?: readonly (typeof SPLITS)[number][] | undefined;
  readonly epochs?: readonly IntegerRange[] | undefined;
  readonly architectures?: readonly IntegerRange[] | undefined;
  /** Single trials with these seeds only: rows that are means, or of unknown seed, are left out then. */
  readonly seeds?: readonly IntegerRange[] | undefined;
}

/** A (dataset, recipe) of a selection. */
export interface SelectedPlace {
  readonly dataset: string;
  readonly recipe: string;
  /** The selected metric columns in fixed order, each with its selected epochs. */
  readonly columns: readonly {
    readonly name: MetricName;
    readonly view: "search" | "test";
    readonly epochs: readonly number[] | "constant";
  }[];
}

/** A selection, checked against a card. */
export interface SelectedContent {
  /** In the order of the card. */
  readonly places: readonly SelectedPlace[];
  /** Selected architectures (or class representatives), ascending. */
  readonly keys: readonly number[];
  /** True for a single trial that is selected. */
  readonly isSelectedSeed: ((seed: number | null) => boolean) | null;
}

/** True if a number is in one of the ranges; true for all if there are none. */
export function isInRanges(ranges: readonly IntegerRange[] | undefined, value: number): boolean {
  return ranges === undefined || ranges.some(({ first, last }) => first <= value && value <= last);
}

/** The split that a metric belongs to; null for sizes and latency. */
export function splitOfMetric(name: MetricName): (typeof SPLITS)[number] | null {
  return SPLITS.find((split) => new RegExp(`^${split}[A-Z]`).test(name)) ?? null;
}

function notRecorded(card: TableCard, what: string, allowed: string): HarnessError {
  return new HarnessError("NAS_NOT_RECORDED", {
    what,
    where: `table ${card.id} ${card.version}`,
    allowed,
    next: "correct the selection; nas-harness table info shows what a table holds",
  });
}

function requireKnown(
  card: TableCard,
  kind: string,
  wanted: readonly string[] | undefined,
  known: readonly string[],
): void {
  const unknown = (wanted ?? []).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw notRecorded(card, `there is no ${kind} ${unknown.join(", ")}`, [...new Set(known)].join(", "));
}

/** Demands that each wanted range holds a number that occurs. */
function requireOccurring(
  card: TableCard,
  kind: string,
  wanted: readonly IntegerRange[] | undefined,
  occurring: readonly number[],
): void {
  const known = [...new Set(occurring)].sort((a, b) => a - b);
  for (const { first, last } of wanted ?? []) {
    if (known.some((value) => first <= value && value <= last)) continue;
    const name = first === last ? `${kind} ${first}` : `${kind}s ${first} to ${last}`;
    throw notRecorded(card, `${name} of what is selected: nothing is recorded`, formatNumbers(known));
  }
}

/** Ascending integers as `1-12, 200`. */
function formatNumbers(numbers: readonly number[]): string {
  const ranges: IntegerRange[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last.last + 1 === number) ranges[ranges.length - 1] = { first: last.first, last: number };
    else ranges.push({ first: number, last: number });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(", ") || "none";
}

function selectColumns(recipe: TableRecipe, { splits, epochs }: Selection): SelectedPlace["columns"] {
  return METRIC_NAMES.flatMap((name): SelectedPlace["columns"] => {
    const column = recipe.columns.find((entry) => entry.name === name);
    const split = splitOfMetric(name);
    if (column === undefined || (splits !== undefined && split !== null && !splits.includes(split))) return [];
    if (column.epochs === "constant") return [{ name, view: column.view, epochs: column.epochs }];
    const selected = column.epochs.filter((epoch) => isInRanges(epochs, epoch));
    return selected.length === 0 ? [] : [{ name, view: column.view, epochs: selected }];
  });
}

function selectKeys(card: TableCard, wanted: readonly IntegerRange[] | undefined): number[] {
  const keys = keysOf(card);
  if (wanted === undefined) return [...keys];
  if (card.keyedBy === "architecture") return keys.filter((key) => isInRanges(wanted, key));
  // Of a table of classes, an architecture's trials are those of its representative.
  const classes = new Set<number>();
  for (const { first, last } of wanted) for (let at = first; at <= last; at++) classes.add(classOf(at));
  return keys.filter((key) => classes.has(key));
}

/**
 * Checks a selection against a table's card.
 * @throws NAS_NOT_RECORDED if it names what the table does not hold, or nothing is left; NAS_ARCHITECTURE_INDEX
 */
export function selectContent(card: TableCard, selection: Selection): SelectedContent {
  const { datasets, recipes, epochs, seeds } = selection;
  requireKnown(
    card,
    "dataset",
    datasets,
    card.datasets.map(({ id }) => id),
  );
  const chosen = card.datasets.filter(({ id }) => datasets === undefined || datasets.includes(id));
  requireKnown(
    card,
    "recipe",
    recipes,
    chosen.flatMap((dataset) => dataset.recipes.map(({ id }) => id)),
  );
  const entries = chosen.flatMap((dataset) =>
    dataset.recipes
      .filter(({ id }) => recipes === undefined || recipes.includes(id))
      .map((recipe) => ({ dataset: dataset.id, recipe })),
  );
  const every = entries.flatMap(({ recipe }) => selectColumns(recipe, { ...selection, epochs: undefined }));
  const allEpochs = every.flatMap((column) => (column.epochs === "constant" ? [] : column.epochs));
  requireOccurring(card, "epoch", epochs, allEpochs);
  requireOccurring(
    card,
    "seed",
    seeds,
    entries.flatMap(({ recipe }) => recipe.seeds),
  );
  const places = entries
    .map(({ dataset, recipe }) => ({ dataset, recipe: recipe.id, columns: selectColumns(recipe, selection) }))
    .filter(({ columns }) => columns.some((column) => column.epochs !== "constant"));
  if (places.length === 0) {
    const there = new Set(entries.flatMap(({ recipe }) => recipe.columns.map(({ name }) => splitOfMetric(name))));
    const known = SPLITS.filter((split) => there.has(split));
    throw notRecorded(card, "nothing is recorded of what is selected", `splits ${known.join(", ")}`);
  }
  return {
    places,
    keys: selectKeys(card, selection.architectures),
    isSelectedSeed: seeds === undefined ? null : (seed) => seed !== null && isInRanges(seeds, seed),
  };
}
