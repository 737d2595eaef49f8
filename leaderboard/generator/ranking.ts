import type { Accuracy, LeaderboardColumn, LeaderboardRow } from "./leaderboard.ts";

/** The column that a section is ranked by: its first test column, or its first one. */
export function rankingColumn(columns: readonly LeaderboardColumn[]): string | null {
  return (columns.find(({ split }) => split === "test") ?? columns[0])?.name ?? null;
}

/** Finished runs from which a row is ranked: of fewer no test could say much, and their interval is too narrow. */
export const FEWEST_RANKED_RUNS = 10;

/** Whether a re-run has too few runs to be ranked. */
export function isTooShort({ origin, runs }: Pick<LeaderboardRow, "origin" | "runs">): boolean {
  return origin === "re-run" && runs !== null && runs > 0 && runs < FEWEST_RANKED_RUNS;
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
 * Ranks of figures by their intervals alone, where the single runs are not at hand: 1 plus the number of figures whose
 * whole interval lies above this one's. null where there is no figure.
 */
export function intervalRanks(figures: readonly (Accuracy | null)[]): (number | null)[] {
  return figures.map((figure) => {
    if (figure === null) return null;
    const upper = figure.high ?? figure.mean;
    return 1 + figures.filter((other) => other !== null && (other.low ?? other.mean) > upper).length;
  });
}
