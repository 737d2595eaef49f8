import type { RankRange, Section } from "../generator/leaderboard.ts";
import type { Distinction, MethodResult } from "./site-model.ts";

/** a to z, then aa, ab and so on. */
export function groupLetter(position: number): string {
  const letter = String.fromCharCode(97 + (position % 26));
  return position < 26 ? letter : `${groupLetter(Math.floor(position / 26) - 1)}${letter}`;
}

/** By id: rank range and letters of every compared row, as in a compact letter display (H.-P. Piepho, 2004). */
export function rankRanges({ ids, ranks, groups }: Distinction): ReadonlyMap<string, RankRange> {
  const letters = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const [position, group] of groups.entries()) {
    for (const id of group) letters.get(id)?.push(groupLetter(position));
  }
  return new Map(
    ids.map((id) => {
      const [best, worst] = ranks.get(id) as readonly [number, number];
      return [id, { best, worst, letters: letters.get(id) as string[] }];
    }),
  );
}

/** A section with the ranks that the comparisons of its ranked column leave open. */
export function withRanks(
  section: Section,
  results: readonly MethodResult[],
  distinctions: readonly Distinction[],
): Section {
  const distinction = distinctions.find(({ column }) => column === section.rankedBy);
  if (distinction === undefined) return section;
  const ranges = rankRanges(distinction);
  const ids = new Map(results.map(({ row, id }) => [row, id]));
  const groups = section.groups.map((group) => ({ ...group, rank: ranges.get(ids.get(group.row) ?? "") ?? null }));
  return { ...section, groups };
}
