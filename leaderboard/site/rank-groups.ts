import type { Distinction } from "./site-model.ts";

/** Where a row stands among the rows that its runs are compared with. */
export interface RankRange {
  /** From 1; the best and the worst rank that the comparisons leave open. */
  readonly best: number;
  readonly worst: number;
  /** Letters of the groups that it belongs to: rows with a letter in common are not told apart. Empty if it is told apart from all. */
  readonly letters: readonly string[];
}

/** a to z, then aa, ab and so on. */
export function groupLetter(position: number): string {
  const letter = String.fromCharCode(97 + (position % 26));
  return position < 26 ? letter : `${groupLetter(Math.floor(position / 26) - 1)}${letter}`;
}

/** `1–3`, or `2` where the runs leave one rank only. */
export function rankText({ best, worst }: RankRange): string {
  return best === worst ? `${best}` : `${best}–${worst}`;
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
