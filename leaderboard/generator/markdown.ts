import type { Leaderboard, Section } from "./leaderboard.ts";
import { isRanked } from "./rank-range.ts";
import { escapeMarkdown } from "./text.ts";
import { textTable } from "./text-table.ts";

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(" | ")} |`;
}

function noteLines(notes: readonly string[]): string[] {
  return notes.length === 0 ? [] : [...notes.map((note) => `- ${escapeMarkdown(note)}`), ""];
}

function sectionLines(section: Section, board: Leaderboard): string[] {
  const { head, rows } = textTable(section, { intervals: true, details: true, extraColumns: board.extraColumns });
  const firstNumber = isRanked(section) ? 3 : 2;
  const rule = head.map((_, at) => (at < firstNumber ? "---" : "---:"));
  return [
    `## ${escapeMarkdown(section.heading)}`,
    "",
    `${escapeMarkdown(section.caption)}`,
    "",
    tableLine(head),
    `| ${rule.join(" | ")} |`,
    ...rows.map(tableLine),
    "",
    ...noteLines(section.notes),
    ...section.cells.map(({ architecture, text }) => `- cell ${architecture}: \`${text}\``),
    ...(section.cells.length === 0 ? [] : [""]),
  ];
}

/** The leaderboard as Markdown (GitHub's tables). */
export function renderMarkdown(board: Leaderboard): string {
  const lines = [
    `# ${escapeMarkdown(board.title)}`,
    "",
    ...board.sections.flatMap((section) => sectionLines(section, board)),
    "## How to read these tables",
    "",
    ...noteLines(board.reading),
    "## On comparing with the published rows",
    "",
    ...noteLines(board.comparison),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
