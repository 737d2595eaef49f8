import type { ExtraColumn } from "../../core/plugins/hooks.ts";
import type { PublishedTable } from "../../schemas/generated/published-results.ts";
import { openTableFolder, type TableFolder } from "./computed-rows.ts";
import { computedSections } from "./computed-section.ts";
import { readEpochCurves } from "./epoch-curves.ts";
import { checkExtraColumns, headsOf, withExtraColumns } from "./extra-columns.ts";
import type { Leaderboard } from "./leaderboard.ts";
import { COMPARISON, READING } from "./notes.ts";
import { type RerunSet, rerunSets } from "./rerun-rows.ts";
import { rerunSection, tableOf } from "./rerun-section.ts";
import { findSummaries, type UnfinishedMethod } from "./run-summaries.ts";
import { publishedSection } from "./sections.ts";
import { findSubmitted, type SubmissionSources } from "./submitted-summaries.ts";
import { plainText } from "./text.ts";

/** What a leaderboard is made from. */
export interface LeaderboardSources {
  readonly published: readonly PublishedTable[];
  /** Results folders. */
  readonly results: readonly string[];
  /** Submissions and their verifications; null: none are shown. */
  readonly submitted: SubmissionSources | null;
  /** Folders of benchmark tables, for the computed rows. */
  readonly tables: readonly string[];
  /** Folders of tables of hardware costs. */
  readonly costs: readonly string[];
  /** Files that `run --log` wrote. */
  readonly logs: readonly string[];
  /** Columns of extensions. */
  readonly extraColumns: readonly ExtraColumn[];
}

/** A leaderboard and what whoever asked for it should be told besides. */
export interface CollectedLeaderboard {
  readonly board: Leaderboard;
  /** What the first sections of the board are made from, in their order. */
  readonly sets: readonly RerunSet[];
  /** The tables that were found, each once. */
  readonly tables: readonly TableFolder[];
  readonly unfinished: readonly UnfinishedMethod[];
  readonly remarks: readonly string[];
}

/** The tables without those that have the name, version and content of an earlier one. */
function distinctTables(tables: readonly TableFolder[]): TableFolder[] {
  const key = ({ card: { id, version, searchContentHash } }: TableFolder) => `${id} ${version} ${searchContentHash}`;
  return tables.filter((table, at) => tables.findIndex((other) => key(other) === key(table)) === at);
}

/** Why statements that name a run of continuous integration do not count. */
function unrecordedRemark([first, ...others]: readonly string[]): string {
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${first}${more}: names a run of continuous integration, but main of the clone's remote does not have this statement, so it counts for nobody else; git fetch, or name another remote with --remote`;
}

/**
 * Collects the leaderboard: a section for each pair of protocol and table version that was re-run (and each search), for
 * each table on which nothing was, and for each published table.
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA, NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_HOOK
 */
export function collectLeaderboard(sources: LeaderboardSources): CollectedLeaderboard {
  const { published } = sources;
  const extraColumns = checkExtraColumns(sources.extraColumns);
  const { summaries, unfinished } = findSummaries(sources.results);
  const none = { summaries: [], benchmarks: [], unrecorded: [] };
  const submitted = sources.submitted === null ? none : findSubmitted(sources.submitted);
  const folders = [...sources.tables, ...submitted.benchmarks.map(({ tableFolder }) => tableFolder)];
  const tables = distinctTables(folders.map(openTableFolder));
  // A submission that was run here too is one row, with the better standing.
  const sets = rerunSets([...submitted.summaries, ...summaries]);
  const used = sets.map((set) => tableOf(set, tables));
  const remarks = submitted.unrecorded.length === 0 ? [] : [unrecordedRemark(submitted.unrecorded)];
  const sections = [
    ...sets.map((set) => rerunSection(set, tables, published, remarks)),
    ...computedSections(
      tables.filter((table) => !used.includes(table)),
      published,
      remarks,
    ),
    ...published.map(publishedSection),
  ];
  const board: Leaderboard = {
    title: "NAS-Bench-201 leaderboard",
    sections: sections.map((section) => withExtraColumns(section, extraColumns)),
    epochCurves: readEpochCurves(sources.logs),
    reading: READING,
    comparison: COMPARISON,
    extraColumns: headsOf(extraColumns),
    unfinished: [...new Set(unfinished.map(({ name }) => plainText(name)))],
  };
  return { board, sets, tables, unfinished, remarks };
}
