import { groupedNumber, NOTHING, runsText } from "./figures.ts";
import type { LeaderboardRow, Section } from "./leaderboard.ts";
import { hasSubmissions, standingOrder, standingText } from "./standing.ts";

/** A column besides the accuracies. */
export interface DetailColumn {
  /** Words of the head, and below it what the figure is measured in or by. */
  readonly title: string;
  readonly unit: string;
  /** Text of a cell. */
  readonly text: (row: LeaderboardRow) => string;
  /** What a cell is sorted by. */
  readonly value: (row: LeaderboardRow) => number | null;
}

function numberColumn(
  title: string,
  unit: string,
  value: (row: LeaderboardRow) => number | null,
  decimals: number,
): DetailColumn {
  const text = (row: LeaderboardRow) => {
    const figure = value(row);
    return figure === null ? NOTHING : groupedNumber(figure, decimals);
  };
  return { title, unit, text, value };
}

const RUNS: DetailColumn = { title: "Runs", unit: "finished", text: runsText, value: ({ runs }) => runs };

const RERUN_COLUMNS: readonly DetailColumn[] = [
  RUNS,
  numberColumn("Distinct", "runs", ({ distinctRuns }) => distinctRuns, 0),
  numberColumn("Evals", "per run", ({ evaluationsPerRun }) => evaluationsPerRun, 1),
  // The seconds of a published row beside a re-run are of another kind; they are in the published section only.
  numberColumn("Search", "s, simulated", (row) => (row.origin === "published" ? null : row.searchSeconds), 0),
  {
    title: "CPU",
    unit: "s, measured",
    // From microseconds of a method that asks and tells to hours of one that trains.
    text: ({ measuredCpuSeconds: seconds }) =>
      seconds === null ? NOTHING : groupedNumber(seconds, seconds < 1 ? 5 : seconds < 100 ? 1 : 0),
    value: ({ measuredCpuSeconds }) => measuredCpuSeconds,
  },
];

const PUBLISHED_COLUMNS: readonly DetailColumn[] = [
  RUNS,
  numberColumn("Search", "s, as printed", ({ searchSeconds }) => searchSeconds, 2),
];

/** Columns that only tell rows apart where some were submitted; that of fresh seeds where some row was run with any. */
function submissionColumns({ rankedBy, groups }: Section): readonly DetailColumn[] {
  const fresh = ({ standing }: LeaderboardRow) =>
    rankedBy === null ? null : (standing?.fresh?.[rankedBy]?.mean ?? null);
  const standing: DetailColumn = {
    title: "Standing",
    unit: "of the row",
    text: standingText,
    value: standingOrder,
  };
  if (groups.every(({ row }) => fresh(row) === null)) return [standing];
  return [standing, numberColumn("Fresh seeds", "mean, %", fresh, 2)];
}

/** The columns that a section shows besides the accuracies. */
export function detailColumns(section: Section): readonly DetailColumn[] {
  const columns = { "re-run": RERUN_COLUMNS, published: PUBLISHED_COLUMNS, computed: [] }[section.kind];
  if (!hasSubmissions(section)) return columns;
  // Runs stay first: they are what a narrow table shows.
  return [...columns.slice(0, 1), ...submissionColumns(section), ...columns.slice(1)];
}
