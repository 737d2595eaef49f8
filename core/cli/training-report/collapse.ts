import { EDGES, OPERATIONS, SKIP_CONNECT } from "../../space/operations.ts";
import { code, counted, fixed, listed, percentage, table } from "../datasheet/markdown.ts";
import type { CellStanding } from "./cell-standing.ts";
import { ALL_SKIP, operationShares, shownEpochs } from "./operation-shares.ts";
import { shareCells } from "./phrases.ts";
import { architecturesAt, commonEpochs, type TrainedMethod, valuesOf } from "./trained-runs.ts";
import { normalisationName } from "./weight-sharing-methods.ts";

const CHANCE = 1 / OPERATIONS.length;
const CHANCE_TEXT = percentage(CHANCE, 0);
/** From this share on, skip connections are most of a cell. */
const MOST = 0.5;

/** Share (0 to 1) of skip connections after an epoch (from 1). */
export function skipShareAt(method: TrainedMethod, epoch: number): number {
  return operationShares(architecturesAt(method, epoch))[SKIP_CONNECT] as number;
}

/** How many answers are the cell of skip connections alone, and whether skip connections took over. */
export function collapseSentence(title: string, methods: readonly TrainedMethod[]): string {
  const answers = methods.flatMap((method) => valuesOf(method, "answer"));
  const collapsed = answers.filter((answer) => answer === ALL_SKIP).length;
  const runs = answers.length;
  if (collapsed === runs) {
    return `${title} falls to skip connections here: ${runs === 1 ? "the one run answers" : `all ${fixed(runs, 0)} runs answer`} with ${code("skip_connect")} on all six edges.`;
  }
  if (collapsed > 0) {
    return `${title} falls to skip connections in some runs: ${fixed(collapsed, 0)} of ${fixed(runs, 0)} answer with ${code("skip_connect")} on all six edges.`;
  }
  const share = operationShares(answers)[SKIP_CONNECT] as number;
  const rest =
    share >= MOST
      ? `but ${percentage(share, 0)} of their answers' edges are ${code("skip_connect")}`
      : `and ${percentage(share, 0)} of their answers' edges are ${code("skip_connect")} (${CHANCE_TEXT} of a random cell's)`;
  return `${title} does not fall to skip connections alone here: none of ${counted(runs, "run")} answers with ${code("skip_connect")} on all six edges, ${rest}.`;
}

/** What the cell of skip connections alone is worth on the table, as a sentence. */
export function allSkipSentence(standing: CellStanding): string {
  const test = standing.valueOf(ALL_SKIP);
  return `On this table the cell with ${code("skip_connect")} on all six edges (${ALL_SKIP}) has a test accuracy of ${fixed(test)} and beats ${percentage(standing.shareBeaten(test))} of the cells.`;
}

function trendSentence(method: TrainedMethod): string {
  const epochs = commonEpochs(method);
  const skips = Array.from({ length: epochs }, (_, at) => skipShareAt(method, at + 1));
  const [first, last] = [skips[0] as number, skips.at(-1) as number];
  const highest = Math.max(...skips);
  const change =
    last === first
      ? `is ${percentage(first, 0)} after the first epoch and after the last`
      : `${last > first ? "rises" : "falls"} from ${percentage(first, 0)} after the first epoch to ${percentage(last, 0)} after the last`;
  const peak =
    highest > Math.max(first, last)
      ? `, and is highest in between after epoch ${skips.indexOf(highest) + 1} (${percentage(highest, 0)})`
      : "";
  const shares = operationShares(architecturesAt(method, epochs));
  const most = Math.max(...shares);
  const largest = OPERATIONS.filter((_, at) => shares[at] === most).map(code);
  return `${method.title}: with ${normalisationName(method)} the share of ${code("skip_connect")} ${change}${peak}. Most frequent at the end ${largest.length === 1 ? "is" : "are"} ${listed(largest)} (${percentage(most, 0)}).`;
}

/** How the operations of the current architecture change over a search: a paragraph and a table. */
export function trajectoryLines(methods: readonly TrainedMethod[]): string[] {
  return methods.flatMap((method) => {
    const shown = shownEpochs(commonEpochs(method));
    const shares = shown.map((epoch) => operationShares(architecturesAt(method, epoch)));
    const rows = OPERATIONS.map((operation, at) => [
      code(operation),
      ...shareCells(shares.map((own) => own[at] as number)),
    ]);
    return [
      `${trendSentence(method)} Shares of the ${EDGES.length} edges of the cell that a run would have answered after an epoch, mean over ${counted(method.runs.length, "run")}:`,
      "",
      ...table(["after epoch", ...shown.map(String)], rows),
    ];
  });
}
