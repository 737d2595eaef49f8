import type { LeaderboardRow, Section } from "./leaderboard.ts";

/**
 * How far the figures of a re-run are to be trusted, best last: `claimed` (submitted, and nobody ran it again yet), `refuted`
 * (verification failed), `local` (run on this machine, by whoever made the leaderboard), `checked` (verified on this machine
 * only), `verified` (by continuous integration).
 */
export type StandingKind = "refuted" | "claimed" | "local" | "checked" | "verified";

/** Where a re-run stands. */
export interface Standing {
  readonly kind: StandingKind;
  /** The run of continuous integration that verified it. */
  readonly url: string | null;
  /** Mean and number of runs under fresh seeds, by column name, in percent; null where there were none. */
  readonly fresh: Readonly<Record<string, { readonly mean: number; readonly runs: number }>> | null;
}

/** What stands for rows that were run here and not submitted. */
export const LOCAL: Standing = { kind: "local", url: null, fresh: null };

const WORDS: Readonly<Record<StandingKind, string>> = {
  refuted: "not verified",
  claimed: "claimed",
  local: "run here",
  checked: "verified here",
  verified: "verified",
};

/** Order of the kinds for sorting, the most trustworthy highest. */
export function standingOrder({ standing }: LeaderboardRow): number | null {
  return standing === null ? null : Object.keys(WORDS).indexOf(standing.kind);
}

/** A row's standing in words, or an empty text where it has none. */
export function standingText({ standing }: LeaderboardRow): string {
  return standing === null ? "" : WORDS[standing.kind];
}

/** True for a section in which some row was submitted: only there standings tell rows apart. */
export function hasSubmissions(section: Section): boolean {
  return section.groups.some(({ row }) => row.standing !== null && row.standing.kind !== "local");
}
