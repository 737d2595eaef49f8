import type { ChartMethod } from "../../leaderboard/site/charts/chart-methods.ts";
import { colourAt } from "../../leaderboard/site/charts/colours.ts";
import type { AnswerCount, AnyTimeCurve, MethodResult } from "../../leaderboard/site/site-model.ts";

/** What tests of charts say of a method; the rest is made up. */
export interface MadeMethod {
  readonly id?: string;
  readonly title?: string;
  readonly values?: readonly number[];
  readonly answers?: readonly AnswerCount[];
  readonly curve?: Omit<AnyTimeCurve, "column">;
  /** So few runs that it is not ranked. */
  readonly isTooShort?: boolean;
}

export const COLUMN = "toy.test";

/** A method as charts take it, at a position. */
export function chartMethod(made: MadeMethod, at: number): ChartMethod {
  const values = made.values ?? [];
  const id = made.id ?? `method-${at}`;
  const title = made.title ?? `Method ${at}`;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const row = {
    title,
    variant: null,
    version: "1.0.0",
    origin: "re-run",
    runs: made.isTooShort ? 3 : 500,
    evaluationsPerRun: made.isTooShort ? null : 40,
    accuracies: {
      [COLUMN]: values.length === 0 ? null : { mean, std: 0.1, low: mean - 0.1, high: mean + 0.1, architecture: null },
    },
  };
  const facts = {
    values: { [COLUMN]: values },
    answers: made.answers ?? [],
    curves: made.curve === undefined ? [] : [{ column: COLUMN, ...made.curve }],
  };
  return { id, title, colour: colourAt(at), result: { id, row, facts } as unknown as MethodResult };
}
