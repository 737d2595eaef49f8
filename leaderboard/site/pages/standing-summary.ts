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

/** Which of the ranked rows come first, and by how much. */
function firstSentence(ranked: readonly RowGroup[], column: string, words: string): string {
  const leaders = ranked.filter(({ rank }) => rank?.best === 1).map(({ row }) => row);
  const others = ranked.filter(({ rank }) => rank?.best !== 1).map(({ row }) => row);
  const meanOf = (row: LeaderboardRow | undefined) => row?.accuracies[column]?.mean;
  const [best, last, next] = [meanOf(leaders[0]), meanOf(leaders.at(-1)), meanOf(others[0])];
  const apart =
    best === undefined || next === undefined
      ? ""
      : `, ${((leaders.length === 1 ? best : (last ?? best)) - next).toFixed(2)} points above ${rowTitle(others[0] as LeaderboardRow)}`;
  if (leaders.length === 1) {
    return `Best on ${words}: ${namesOf(leaders)}, ${accuracyText(leaders[0]?.accuracies[column])} %${apart}. Its runs are told apart from those of ${others.length === 1 ? "the other ranked row" : `all ${others.length} other ranked rows`}.`;
  }
  const span = best === undefined || last === undefined ? "" : ` (${best.toFixed(2)} to ${last.toFixed(2)} %)`;
  return `Best on ${words}: ${namesOf(leaders)}${span}; their runs do not tell them apart${apart === "" ? "" : `. The last of them is${apart.slice(1)}`}.`;
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
