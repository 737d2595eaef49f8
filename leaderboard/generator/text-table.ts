import { detailColumns } from "./detail-columns.ts";
import { accuracyText, differenceFrom, intervalText, NOTHING, rowTitle, signedText } from "./figures.ts";
import type { ExtraColumnHead, LeaderboardRow, RowGroup, Section } from "./leaderboard.ts";
import { isRanked, rankTextWithLetters } from "./rank-range.ts";
import { standingText } from "./standing.ts";

/** A section as rows of plain texts, for formats without a second line in a cell. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How much of a section is laid out. */
export interface TextTableOptions {
  /** Intervals, cells and differences behind the figures. */
  readonly intervals: boolean;
  /** The columns besides the accuracies. */
  readonly details: boolean;
  readonly extraColumns: readonly ExtraColumnHead[];
}

function originWord(row: LeaderboardRow): string {
  const rerun = row.standing === null || row.standing.kind === "local" ? "re-run" : standingText(row);
  return { published: "published", "re-run": rerun, computed: "computed" }[row.origin];
}

function figureTexts(section: Section, group: RowGroup, row: LeaderboardRow, intervals: boolean): string[] {
  return section.columns.map(({ name }) => {
    const accuracy = row.accuracies[name];
    const text = accuracyText(accuracy);
    if (!intervals) return text;
    const difference = row === group.row ? null : differenceFrom(group.row, row, name);
    const cell = accuracy?.architecture == null ? null : `(cell ${accuracy.architecture})`;
    const behind = difference === null ? (intervalText(accuracy) ?? cell) : `(Δ ${signedText(difference)})`;
    return behind === null ? text : `${text} ${behind}`;
  });
}

/** Lays a section out as texts. */
export function textTable(section: Section, options: TextTableOptions): TextTable {
  const { intervals, extraColumns } = options;
  const details = options.details ? detailColumns(section) : detailColumns(section).slice(0, 1);
  const head = [
    ...(isRanked(section) ? ["Rank"] : []),
    "Method",
    "Source",
    ...section.columns.map(({ dataset, split }) => `${dataset} ${split}`.trim()),
    ...details.map(({ title, unit }) => (options.details ? `${title} (${unit})` : title)),
    ...extraColumns.map(({ title }) => title),
  ];
  const rows = section.groups.flatMap((group) =>
    [group.row, ...group.published].map((row) => [
      ...(!isRanked(section) ? [] : [row === group.row && group.rank !== null ? rankTextWithLetters(group.rank) : ""]),
      rowTitle(row),
      originWord(row),
      ...figureTexts(section, group, row, intervals),
      ...details.map(({ text }) => text(row)),
      ...extraColumns.map(({ name }) => row.extra[name] ?? NOTHING),
    ]),
  );
  return { head, rows };
}
