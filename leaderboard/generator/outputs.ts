import { renderCsv } from "./csv.ts";
import { renderLatex } from "./latex.ts";
import type { Leaderboard } from "./leaderboard.ts";
import { renderMarkdown } from "./markdown.ts";

/** The leaderboard as one file a format, by file name. The same leaderboard gives the same bytes: nothing holds a date or a path. */
export function renderOutputs(board: Leaderboard): Map<string, string> {
  return new Map([
    ["leaderboard.md", renderMarkdown(board)],
    ["leaderboard.csv", renderCsv(board)],
    ["leaderboard.tex", renderLatex(board)],
    ["leaderboard.json", `${JSON.stringify({ format: 2, ...board }, null, 2)}\n`],
  ]);
}
