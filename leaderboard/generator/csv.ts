import type { Leaderboard, LeaderboardRow, RowGroup, Section } from "./leaderboard.ts";
import { columnNames } from "./sections.ts";
import { standingText } from "./standing.ts";
import { csvField } from "./text.ts";

type Field = string | number | null;

const FIGURES = ["mean", "std", "low", "high", "architecture"] as const;

function rowFields(section: Section, { rank, row }: RowGroup): Record<string, Field> {
  return {
    section: section.id,
    origin: row.origin,
    rank_best: rank?.best ?? null,
    rank_worst: rank?.worst ?? null,
    not_told_apart: rank === null || rank.letters.length === 0 ? null : rank.letters.join(" "),
    ranked_by: section.rankedBy,
    method: row.method,
    title: row.title,
    variant: row.variant,
    method_version: row.version,
    protocol: row.protocol.id,
    protocol_version: row.protocol.version,
    table: row.table?.id ?? null,
    table_version: row.table?.version ?? null,
    table_content: row.table?.searchContentHash ?? null,
    runs: row.runs,
    planned_runs: row.plannedRuns,
    distinct_runs: row.distinctRuns,
    evaluations_per_run: row.evaluationsPerRun,
    search_seconds: row.searchSeconds,
    measured_cpu_seconds: row.measuredCpuSeconds,
    records_digest: row.recordsDigest,
    standing: standingText(row),
    fresh_seeds_mean: section.rankedBy === null ? null : (row.standing?.fresh?.[section.rankedBy]?.mean ?? null),
  };
}

function figureFields(row: LeaderboardRow, names: readonly string[]): Record<string, Field> {
  const entries = names.flatMap((name) =>
    FIGURES.map((figure): [string, Field] => [`${name}.${figure}`, row.accuracies[name]?.[figure] ?? null]),
  );
  return Object.fromEntries(entries);
}

/**
 * The leaderboard as CSV (RFC 4180, with a head): one line a row, all figures in full precision, empty where there is
 * none. Published rows stand in their own section only.
 */
export function renderCsv(board: Leaderboard): string {
  const groups = board.sections.flatMap((section) => section.groups.map((group) => ({ section, group })));
  const names = columnNames(groups.map(({ group }) => group.row));
  const lines = groups.map(({ section, group }) => ({
    ...rowFields(section, group),
    ...figureFields(group.row, names),
    ...Object.fromEntries(board.extraColumns.map(({ name }) => [`extra.${name}`, group.row.extra[name] ?? null])),
  }));
  const head = Object.keys(lines[0] ?? {});
  return [head, ...lines.map((line) => Object.values(line))]
    .map((line) => `${line.map(csvField).join(",")}\r\n`)
    .join("");
}
