import type { RankRange, Section } from "./leaderboard.ts";

/** Whether any row of a section has a rank: else there is no column for it. */
export function isRanked({ groups }: Section): boolean {
  return groups.some(({ rank }) => rank !== null);
}

/** `1–3`, or `2` where the runs leave one rank only. */
export function rankText({ best, worst }: Pick<RankRange, "best" | "worst">): string {
  return best === worst ? `${best}` : `${best}–${worst}`;
}

/** {@link rankText} with the letters behind: `1–3 (a b)`. */
export function rankTextWithLetters(rank: RankRange): string {
  return rank.letters.length === 0 ? rankText(rank) : `${rankText(rank)} (${rank.letters.join(" ")})`;
}
