import type { TableCard } from "../../schemas/generated/table-card.ts";
import type { MetricColumn, MetricName, View } from "../tables/column.ts";
import { SearchView } from "../tables/search-view.ts";
import { openTestParts } from "../tables/test-view.ts";
import type { TrialLookup } from "../tables/trial-lookup.ts";
import type { SelectedContent, SelectedPlace } from "./selection.ts";

/** One trial (or mean) of an architecture with the rows that hold it; null where a view has none. */
export interface TrialRow {
  readonly seed: number | null;
  readonly aggregatedSeeds: readonly number[] | null;
  readonly rows: Readonly<Record<View, number | null>>;
}

/** An architecture's trials under one (dataset, recipe). */
export interface ArchitectureTrials {
  readonly trials: readonly TrialRow[];
  /** The column of a metric. */
  readonly column: (name: MetricName, view: View) => MetricColumn | undefined;
}

/** What tells a view's rows of an architecture apart: seed or seeds, and which one it is where these are the same. */
function identities(lookup: TrialLookup, start: number, end: number): string[] {
  const { trialSeed, aggregatedSeeds } = lookup.table.rows;
  const met = new Map<string, number>();
  return Array.from({ length: end - start }, (_, at) => {
    const name = `${trialSeed[start + at]} ${aggregatedSeeds[start + at]?.join(",")}`;
    met.set(name, (met.get(name) ?? 0) + 1);
    return `${name} ${met.get(name)}`;
  });
}

const rankOf = ({ seed, aggregatedSeeds }: TrialRow) =>
  aggregatedSeeds !== null ? Number.POSITIVE_INFINITY : (seed ?? Number.MAX_SAFE_INTEGER);

function compareRanks(a: TrialRow, b: TrialRow): number {
  const [first, second] = [rankOf(a), rankOf(b)];
  return first === second ? 0 : first < second ? -1 : 1;
}

/** Brings the rows of both views together, a trial each. */
function joinViews(lookups: Readonly<Record<View, TrialLookup | null>>, key: number): TrialRow[] {
  const joined = new Map<string, TrialRow>();
  for (const view of ["search", "test"] as const) {
    const lookup = lookups[view];
    if (lookup === null) continue;
    const [start, end] = lookup.rowsOf(key);
    const { trialSeed, aggregatedSeeds } = lookup.table.rows;
    identities(lookup, start, end).forEach((identity, at) => {
      const row = start + at;
      const known = joined.get(identity);
      joined.set(identity, {
        seed: trialSeed[row] ?? null,
        aggregatedSeeds: aggregatedSeeds[row] ?? null,
        rows: { search: null, test: null, ...known?.rows, [view]: row },
      });
    });
  }
  return [...joined.values()].sort(compareRanks);
}

/**
 * Opens the trials of one (dataset, recipe), architecture by architecture; in ascending order each part of the table is
 * read once, and only the views that the selection needs.
 * @returns the selected trials of an architecture: singles by seed, then those of unknown seed, then means
 * @throws NAS_NOT_RECORDED, and when called NAS_TABLE_CORRUPT
 */
export function openTrialRows(
  folder: string,
  card: TableCard,
  { dataset, recipe, columns }: SelectedPlace,
  { isSelectedSeed }: SelectedContent,
): (key: number) => ArchitectureTrials {
  const needs = (view: View) => columns.some((column) => column.view === view);
  const search = needs("search") ? new SearchView(folder, card) : null;
  const test = needs("test") ? openTestParts(folder, card, dataset, recipe) : null;
  return (key) => {
    const lookups = { search: search?.trialsOf(dataset, recipe, key) ?? null, test: test?.of(key) ?? null };
    const trials = joinViews(lookups, key);
    return {
      trials:
        isSelectedSeed === null
          ? trials
          : trials.filter(({ seed, aggregatedSeeds }) => aggregatedSeeds === null && isSelectedSeed(seed)),
      column: (name, view) => lookups[view]?.column(name),
    };
  };
}
