import type { LeaderboardRow, RankRange } from "../generator/leaderboard.ts";
import { standingText } from "../generator/standing.ts";
import type { Distinction, MethodResult, SiteBenchmark } from "./site-model.ts";

/** What a table is made from: a benchmark, or a section that nothing was run for. */
export type TableSource = Pick<SiteBenchmark, "id" | "section" | "results" | "optima" | "distinctions">;

/** Words that the page's script filters by. Of a published row those that it lacks are its re-run's. */
export interface LineFacets {
  readonly kind: string | null;
  readonly source: string;
  readonly standing: string | null;
  readonly protocol: string;
  readonly bn: string | null;
}

/** A line of a table: a row, or a published row below the one that it is compared with. */
export interface TableLine {
  /** Its name within the table, the same after a rebuild: the result's id, or origin and method. */
  readonly key: string;
  readonly row: LeaderboardRow;
  /** The row above it that a published row is compared with; null for all others. */
  readonly lead: LeaderboardRow | null;
  /** null where there is no method page. */
  readonly result: MethodResult | null;
  readonly rank: RankRange | null;
  readonly facets: LineFacets;
}

function batchNormOf(row: LeaderboardRow): string | null {
  const words = { batch: "batch statistics", running: "running statistics" } as const;
  const option = row.options?.batchStatistics;
  if (typeof option === "boolean") return option ? words.batch : words.running;
  // Published rows say it in words only.
  return Object.values(words).find((text) => row.variant?.includes(text)) ?? null;
}

function kindOf(row: LeaderboardRow, result: MethodResult | null): string | null {
  if (row.origin !== "re-run") return null;
  const kind = result?.about?.kind ?? (row.evaluationsPerRun === null ? "training" : "evaluations");
  return kind === "training" ? "trains by itself" : "asks the table";
}

function facetsOf(row: LeaderboardRow, result: MethodResult | null): LineFacets {
  const { id, version } = row.protocol;
  return {
    kind: kindOf(row, result),
    source: row.origin,
    standing: standingText(row) || null,
    protocol: version === null ? `${id} (published)` : `${id} ${version}`,
    bn: batchNormOf(row),
  };
}

function inheritedFacets(row: LeaderboardRow, lead: LineFacets): LineFacets {
  const own = facetsOf(row, null);
  return { ...own, kind: lead.kind, standing: lead.standing, bn: own.bn ?? lead.bn };
}

/** The comparison of the column that a section is ranked by; null where too few rows could be compared. */
export function rankedDistinction({ section, distinctions }: TableSource): Distinction | null {
  return distinctions.find(({ column }) => column === section.rankedBy) ?? null;
}

function resultOf(source: TableSource, row: LeaderboardRow): MethodResult | null {
  const isSame = (result: MethodResult) =>
    result.row === row ||
    (result.row.method === row.method && row.recordsDigest !== null && result.row.recordsDigest === row.recordsDigest);
  return source.results.find(isSame) ?? null;
}

/** A table's lines by group, in the section's order. */
export function tableLines(source: TableSource): TableLine[][] {
  const taken = new Map<string, number>();
  const keyOf = (name: string) => {
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return times === 1 ? name : `${name}-${times}`;
  };
  return source.section.groups.map((group) => {
    const { row, rank, published } = group;
    const result = resultOf(source, row);
    const facets = facetsOf(row, result);
    const key = keyOf(result?.id ?? `${row.origin}-${row.method}`);
    const first: TableLine = { key, row, lead: null, result, rank, facets };
    const others = published.map((companion) => ({
      key: keyOf(`${companion.origin}-${companion.method}`),
      row: companion,
      lead: row,
      result: null,
      rank: null,
      facets: inheritedFacets(companion, facets),
    }));
    return [first, ...others];
  });
}
