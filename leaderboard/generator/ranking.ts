import type { Accuracy, LeaderboardColumn, LeaderboardRow } from "./leaderboard.ts";

/** The column that a section is ranked by: its first test column, or its first one. */
export function rankingColumn(columns: readonly LeaderboardColumn[]): string | null {
  return (columns.find(({ split }) => split === "test") ?? columns[0])?.name ?? null;
}

/** Runs of a method that trains from which its row is ranked: an interval over fewer says too little. */
export const FEWEST_RANKED_RUNS = 10;

/** Whether a row is of a method that trains, with too few runs to be ranked. */
export function isTooShort({ runs, evaluationsPerRun }: Pick<LeaderboardRow, "runs" | "evaluationsPerRun">): boolean {
  return evaluationsPerRun === null && runs !== null && runs > 0 && runs < FEWEST_RANKED_RUNS;
}

/** Rows by descending mean of a column, those without one last; equal ones by method id, then by digest. */
export function sortByMean(rows: readonly LeaderboardRow[], column: string | null): LeaderboardRow[] {
  const meanOf = (row: LeaderboardRow) => (column === null ? null : (row.accuracies[column]?.mean ?? null));
  const textOf = (row: LeaderboardRow) => `${row.method}\n${row.recordsDigest}`;
  return [...rows].sort((a, b) => {
    const difference = (meanOf(b) ?? Number.NEGATIVE_INFINITY) - (meanOf(a) ?? Number.NEGATIVE_INFINITY);
    // Two rows without a mean: infinity minus infinity.
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
    return textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0;
  });
}

/**
 * Ranks of figures: 1 plus the number of figures whose whole interval lies above this one's. Figures whose intervals
 * overlap are so not told apart by chance. null where there is no figure.
 */
export function ranksOf(figures: readonly (Accuracy | null)[]): (number | null)[] {
  return figures.map((figure) => {
    if (figure === null) return null;
    const upper = figure.high ?? figure.mean;
    return 1 + figures.filter((other) => other !== null && (other.low ?? other.mean) > upper).length;
  });
}
