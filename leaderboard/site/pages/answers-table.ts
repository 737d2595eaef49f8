import type { Html } from "../../generator/html.ts";
import type { AnswerCount } from "../site-model.ts";
import { architectureLink, architectureString, countOf, pageSection, plainTable } from "./page-parts.ts";

/** Most answers that are listed; the table of runs has all. */
const MOST_ANSWERS = 50;

/** The architectures that runs answered with and how often; null without any. */
export function answersTable(answers: readonly AnswerCount[], finished: number | null): Html | null {
  if (answers.length === 0) return null;
  const runs = finished ?? answers.reduce((sum, answer) => sum + answer.runs, 0);
  const shown = answers.slice(0, MOST_ANSWERS);
  const rest = answers.length - shown.length;
  const caption = `${countOf(answers.length, "architecture")}${rest === 0 ? "" : `, the ${shown.length} that were found most often; the runs below have all`}`;
  const rows = shown.map(({ architecture, runs: found }) => ({
    cells: [
      architectureLink(architecture, "../"),
      architectureString(architecture),
      found,
      `${((100 * found) / Math.max(1, runs)).toFixed(1)} %`,
    ],
  }));
  return pageSection("answers", "Answers", [
    plainTable("answers-table", caption, ["Architecture", "String", "Runs", "Share"], rows),
  ]);
}
