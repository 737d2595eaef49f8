import path from "node:path";
import { writeFilesAtomic } from "../../core/files/atomic-file.ts";
import { renderCsv } from "./csv.ts";
import { renderHtml } from "./html-page.ts";
import { renderLatex } from "./latex.ts";
import type { Leaderboard } from "./leaderboard.ts";
import { renderMarkdown } from "./markdown.ts";

/** Name of the page among the outputs. */
export const PAGE_NAME = "index.html";

/** Every output by file name. The same leaderboard gives the same bytes: nothing holds a date or a path. */
export function renderOutputs(board: Leaderboard): Map<string, string> {
  return new Map([
    ["leaderboard.md", renderMarkdown(board)],
    ["leaderboard.csv", renderCsv(board)],
    ["leaderboard.tex", renderLatex(board)],
    ["leaderboard.json", `${JSON.stringify({ format: 1, ...board }, null, 2)}\n`],
    [PAGE_NAME, renderHtml(board)],
  ]);
}

/** Writes every output into a folder, all or none, and returns the files' paths, the page last. @throws NAS_WRITE_FAILED */
export function writeOutputs(folder: string, board: Leaderboard): string[] {
  const files = new Map([...renderOutputs(board)].map(([name, content]) => [path.join(folder, name), content]));
  writeFilesAtomic(files);
  return [...files.keys()];
}
