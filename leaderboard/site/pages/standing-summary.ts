import { accuracyText, rowTitle } from "../../generator/figures.ts";
import { type Html, html } from "../../generator/html.ts";
import type { LeaderboardRow, RowGroup, Section } from "../../generator/leaderboard.ts";
import { isTooShort } from "../../generator/ranking.ts";
import { hasSubmissions } from "../../generator/standing.ts";
import { countOf } from "./page-parts.ts";

/** Most names in one sentence. */
const MOST_NAMES = 6;

/** `A, B and C`, or `A, B and 7 more`. */
function namesOf(rows: readonly LeaderboardRow[]): string {
  const names = rows.map(rowTitle);
  const shown =
    names.length <= MOST_NAMES ? names : [...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`];
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** By how much the last of some rows lies above the first of others; null where it does not, or nothing is known. */
function marginText(
  leaders: readonly LeaderboardRow[],
  others: readonly LeaderboardRow[],
  column: string,
): string | null {
  const [last, next] = [leaders.at(-1), others[0]];
  const [mean, nextMean] = [last?.accuracies[column]?.mean, next?.accuracies[column]?.mean];
  if (next === undefined || mean === undefined || nextMean === undefined || mean <= nextMean) return null;
  return `${(mean - nextMean).toFixed(2)} points above ${rowTitle(next)}`;
}

/** Which of the ranked rows come first, and by how much. */
function firstSentence(ranked: readonly RowGroup[], column: string, words: string): string {
  const isFirst = ({ rank }: RowGroup) => rank?.best === 1;
  const [leaders, others] = [ranked.filter(isFirst), ranked.filter((group) => !isFirst(group))];
  const rows = leaders.map(({ row }) => row);
  const margin = marginText(
    rows,
    others.map(({ row }) => row),
    column,
  );
  const names = `Best on ${words}: ${namesOf(rows)}`;
  const [leader] = leaders;
  if (leader !== undefined && leaders.length === 1) {
    const figure = `${names}, ${accuracyText(leader.row.accuracies[column])} %${margin === null ? "" : `, ${margin}`}`;
    return leader.rank?.worst === 1
      ? `${figure}. Its runs are told apart from those of ${others.length === 1 ? "the other ranked row" : `all ${others.length} other ranked rows`}.`
      : `${figure}. Its runs are not told apart from those of every row below it.`;
  }
  const means = rows.flatMap((row) => row.accuracies[column]?.mean ?? []);
  const span =
    means.length === 0 ? "" : ` (${(means[0] as number).toFixed(2)} to ${(means.at(-1) as number).toFixed(2)} %)`;
  return `${names}${span}; their runs do not tell them apart${margin === null ? "" : `. The last of them is ${margin}`}.`;
}

/** How far the rows may be believed, by what verification found of them. */
function trustSentence(section: Section): string | null {
  if (!hasSubmissions(section)) return null;
  const rows = section.groups.flatMap(({ row }) => (row.standing === null ? [] : [row]));
  const verified = rows.filter(({ standing }) => standing?.kind === "verified").length;
  const refuted = rows.filter(({ standing }) => standing?.kind === "refuted").length;
  const failed = refuted === 0 ? "" : `; ${countOf(refuted, "row")} failed verification`;
  return verified === 0
    ? `No row of ${rows.length} is verified by continuous integration yet${failed}: the figures are their authors' claims.`
    : `${verified} of ${countOf(rows.length, "row")} verified by continuous integration${failed}.`;
}

/**
 * A section's answer in a few sentences: which method is better, by how much, and how far that can be believed; null where
 * nothing was ranked.
 */
export function standingSummary(section: Section): Html | null {
  const column = section.columns.find(({ name }) => name === section.rankedBy);
  const ranked = section.groups.filter(({ rank }) => rank !== null);
  if (column === undefined || ranked.length < 2) return null;
  const few = section.groups.filter(({ row }) => isTooShort(row)).length;
  const sentences = [
    firstSentence(ranked, column.name, `${column.dataset} ${column.split}`.trim()),
    few === 0 ? null : `${countOf(few, "row")} with few runs ${few === 1 ? "is" : "are"} not ranked.`,
    trustSentence(section),
  ];
  return html`<p class="summary">${sentences.filter((one) => one !== null).join(" ")}</p>
`;
}
