import type { Html } from "../../generator/html.ts";
import type { AnswerCount } from "../site-model.ts";
import type { ChartMethod } from "./chart-methods.ts";
import { matrixChart } from "./matrix-chart.ts";
import { noChart } from "./plot-svg.ts";

/** More methods than this don't fit; the best are shown. */
const MOST_METHODS = 12;

/**
 * The share of final architectures that two methods have in common: the sum over architectures of the smaller of the two
 * shares of runs that ended with it.
 * @returns 0 to 1; 1 for equal shares
 */
export function answerOverlap(first: readonly AnswerCount[], second: readonly AnswerCount[]): number {
  const total = (answers: readonly AnswerCount[]) => answers.reduce((sum, { runs }) => sum + runs, 0);
  const [firstRuns, secondRuns] = [total(first), total(second)];
  const others = new Map(second.map(({ architecture, runs }) => [architecture, runs]));
  // Whole numbers until the end, so that equal shares give exactly 1.
  const common = first.reduce(
    (sum, { architecture, runs }) => sum + Math.min(runs * secondRuns, (others.get(architecture) ?? 0) * firstRuns),
    0,
  );
  return firstRuns * secondRuns === 0 ? 0 : common / (firstRuns * secondRuns);
}

/** Which methods end with the same architectures: {@link answerOverlap} of each two. */
export function overlapChart(methods: readonly ChartMethod[]): Html {
  const shown = methods.filter(({ result }) => result.facts.answers.length > 0).slice(0, MOST_METHODS);
  if (shown.length < 2) return noChart("Fewer than two methods have answers that could be compared.");
  const answersAt = (at: number) => (shown[at] as ChartMethod).result.facts.answers;
  return matrixChart({
    title: "Final architectures in common",
    text: `For each two of ${shown.map(({ title }) => title).join(", ")}: the share of their final architectures that they have in common, 0 to 1, runs counted.`,
    names: shown.map(({ title }) => title),
    valueAt: (row, column) => answerOverlap(answersAt(row), answersAt(column)),
  });
}
