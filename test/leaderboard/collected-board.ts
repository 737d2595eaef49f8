import { collectLeaderboard, type LeaderboardSources } from "../../leaderboard/generator/collect.ts";
import type { Leaderboard, RowGroup, Section } from "../../leaderboard/generator/leaderboard.ts";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";

/** Collects a leaderboard with the published table and nothing else but what is given. */
export function collect(sources: Partial<LeaderboardSources> = {}) {
  return collectLeaderboard({
    published: readPublished(),
    results: [],
    submitted: null,
    tables: [],
    extraColumns: [],
    costs: [],
    logs: [],
    ...sources,
  });
}

/** The sections of one kind. */
export function sectionsOf(board: Leaderboard, kind: Section["kind"]): Section[] {
  return board.sections.filter((section) => section.kind === kind);
}

/** A section's group by method id. @throws if there is none */
export function groupOf(section: Section | undefined, method: string): RowGroup {
  const group = section?.groups.find(({ row }) => row.method === method);
  if (group === undefined) throw new Error(`no group of ${method}`);
  return group;
}
