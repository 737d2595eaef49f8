import { ARCHITECTURE_COUNT, EDGES, NONE, OPERATIONS } from "../../space/operations.ts";
import { isReachable } from "../../space/reachability.ts";
import { code, counted, fixed, paragraphs, percentage, table } from "../datasheet/markdown.ts";
import { operationShares } from "./operation-shares.ts";
import { shareCells } from "./phrases.ts";
import type { TrainingReport } from "./report.ts";
import { valuesOf } from "./trained-runs.ts";
import { normalisationName } from "./weight-sharing-methods.ts";

/** Share of the cells that count as the best. */
const BEST = 0.01;

/** The section on the operations of all answers. */
export function operationsSection({ trained, standing }: TrainingReport): string[] {
  const answers = trained.flatMap((method) => valuesOf(method, "answer"));
  const best = standing.best(Math.round(ARCHITECTURE_COUNT * BEST));
  const [ofAnswers, ofBest] = [operationShares(answers), operationShares(best)];
  const shares = { answers: ofAnswers[NONE] as number, best: ofBest[NONE] as number };
  const relation =
    shares.answers > shares.best ? "more than" : shares.answers < shares.best ? "less than" : "as much as";
  const disconnected = answers.filter((answer) => !isReachable(answer)).length;
  return [
    "## Operations of the answers",
    "",
    ...paragraphs(
      `${code("none")}, no connection, holds ${percentage(shares.answers, 0)} of all answers' edges, ${relation} the ${percentage(shares.best, 0)} of the ${counted(best.length, "cell")} with the highest test accuracy. ${disconnected === 0 ? "In every answer the input reaches the output." : `In ${counted(disconnected, "answer")} the input does not reach the output.`}`,
    ),
    ...table(
      ["method", "batch normalisation", "edges", ...OPERATIONS.map(code)],
      [
        ...trained.map((method) => [
          method.title,
          normalisationName(method),
          fixed(method.runs.length * EDGES.length, 0),
          ...shareCells(operationShares(valuesOf(method, "answer"))),
        ]),
        ["all answers", "", fixed(answers.length * EDGES.length, 0), ...shareCells(ofAnswers)],
        [
          `best ${percentage(BEST, 0)} of the cells (test)`,
          "",
          fixed(best.length * EDGES.length, 0),
          ...shareCells(ofBest),
        ],
        ["a random cell", "", "", ...shareCells(OPERATIONS.map(() => 1 / OPERATIONS.length))],
      ],
      2,
    ),
  ];
}
