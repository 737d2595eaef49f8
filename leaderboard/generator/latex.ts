import { detailColumns } from "./detail-columns.ts";
import { accuracyText, differenceFrom, intervalText, rowTitle, signedText } from "./figures.ts";
import type { Leaderboard, LeaderboardColumn, LeaderboardRow, RankRange, RowGroup, Section } from "./leaderboard.ts";
import { isRanked, rankText } from "./rank-range.ts";
import { escapeLatex } from "./text.ts";

function line(cells: readonly string[]): string {
  return `${cells.join(" & ")} \\\\`;
}

/** `1--3` with the letters raised. */
function latexRank(rank: RankRange | null): string {
  if (rank === null) return "";
  const text = rankText(rank).replace("–", "--");
  return rank.letters.length === 0 ? text : `${text}$^{\\mathrm{${rank.letters.join("")}}}$`;
}

/** A cell of the column of ranks, where the section has one. */
const rankCell = (section: Section, text: string) => (isRanked(section) ? [text] : []);

function small(text: string | null): string {
  return text === null ? "" : `{\\scriptsize ${escapeLatex(text)}}`;
}

function headLines(section: Section): string[] {
  const datasets = [...new Set(section.columns.map(({ dataset }) => dataset))];
  const spans = datasets.map((dataset) => section.columns.filter((column) => column.dataset === dataset).length);
  const ranks = isRanked(section) ? 1 : 0;
  let next = 2 + ranks;
  const rules = spans.map((span) => {
    const rule = `\\cmidrule(lr){${next}-${next + span - 1}}`;
    next += span;
    return rule;
  });
  const groups = datasets.map((dataset, at) => `\\multicolumn{${spans[at]}}{c}{${escapeLatex(dataset)}}`);
  const details = detailColumns(section);
  const units = details.map(({ unit }) => `{\\scriptsize ${escapeLatex(unit)}}`);
  return [
    line([...rankCell(section, "Rank"), "", ...groups, ...details.map(({ title }) => escapeLatex(title))]),
    rules.join(" "),
    line([
      ...rankCell(section, ""),
      "Method",
      ...section.columns.map(({ split, name }) => escapeLatex(split === "" ? name : split)),
      ...units,
    ]),
  ];
}

function rowLines(
  section: Section,
  row: LeaderboardRow,
  rank: RankRange | null,
  title: string,
  below: (column: LeaderboardColumn) => string | null,
) {
  const details = detailColumns(section);
  const figures = section.columns.map(({ name }) => escapeLatex(accuracyText(row.accuracies[name])));
  const seconds = section.columns.map(below);
  const first = line([
    ...rankCell(section, latexRank(rank)),
    title,
    ...figures,
    ...details.map(({ text }) => escapeLatex(text(row))),
  ]);
  if (seconds.every((text) => text === null)) return [first];
  return [first, line([...rankCell(section, ""), "", ...seconds.map(small), ...details.map(() => "")])];
}

function groupLines(section: Section, { row, rank, published }: RowGroup): string[] {
  const behind = ({ name }: LeaderboardColumn) => {
    const architecture = row.accuracies[name]?.architecture ?? null;
    return intervalText(row.accuracies[name]) ?? (architecture === null ? null : `cell ${architecture}`);
  };
  return [
    ...rowLines(section, row, rank, escapeLatex(rowTitle(row)), behind),
    ...published.flatMap((companion) =>
      rowLines(section, companion, null, `\\quad ${escapeLatex(`${rowTitle(companion)}, published`)}`, ({ name }) => {
        const difference = differenceFrom(row, companion, name);
        return difference === null ? null : signedText(difference);
      }),
    ),
  ];
}

function sectionLines(section: Section): string[] {
  const alignment = `${isRanked(section) ? "r" : ""}l${"r".repeat(section.columns.length + detailColumns(section).length)}`;
  return [
    "\\begin{table*}",
    "\\centering",
    "\\small",
    `\\caption{${escapeLatex(section.heading)}. ${escapeLatex(section.caption)}}`,
    `\\begin{tabular}{${alignment}}`,
    "\\toprule",
    ...headLines(section),
    "\\midrule",
    ...section.groups.flatMap((group) => groupLines(section, group)),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table*}",
  ];
}

/** The leaderboard as LaTeX tables in the manner of booktabs, one a section, to be included in a document. */
export function renderLatex(board: Leaderboard): string {
  const lines = [
    "% Needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}. Accuracies in percent: mean and standard deviation",
    "% (ddof 0) over runs; below them the 95 % bootstrap interval of the mean, or the difference from the row above.",
    "% Ranks that the runs leave open; rows with a letter in common are not told apart (Mann-Whitney with Holm's correction).",
    ...board.sections.flatMap((section) => ["", ...sectionLines(section)]),
  ];
  return `${lines.join("\n")}\n`;
}
