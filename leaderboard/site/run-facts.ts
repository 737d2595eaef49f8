import { curveTimes, quantileCurve, type RegretStep } from "../../core/statistics/any-time-curve.ts";
import type { ReportedValueOf } from "../../core/tables/reported-values.ts";
import type { ReportColumn } from "../../schemas/generated/protocol.ts";
import type { AnswerCount, AnyTimeCurve, RunFacts, ShownRun } from "./site-model.ts";

/** The best value of each column that a table has, in percent, by column name. */
export type Optima = Readonly<Record<string, { readonly value: number; readonly architecture: number }>>;

/** What a row's table gives; null where it is not at hand. */
export interface ValueSource {
  readonly reported: ReportedValueOf;
  readonly optima: Optima;
}

/** The architecture that a run would have answered with, by simulated ms: its incumbents, or those of its epochs. */
function trajectoryOf({ incumbents, training }: ShownRun): [spentMs: number, architecture: number][] {
  if (training !== undefined)
    return training.epochs.map(([architecture, spentMs]) => [spentMs as number, architecture as number]);
  return incumbents.map(([, spentMs, architecture]) => [spentMs as number, architecture as number]);
}

function curveOf(
  runs: readonly ShownRun[],
  column: ReportColumn,
  { reported, optima }: ValueSource,
): AnyTimeCurve | null {
  const optimum = optima[column.column];
  if (optimum === undefined || runs.length === 0) return null;
  const steps = runs.map((run) =>
    trajectoryOf(run).map(
      ([spentMs, architecture]): RegretStep => [spentMs, optimum.value - reported(architecture, column)],
    ),
  );
  const times = steps.flatMap((run) => run.map(([spentMs]) => spentMs));
  if (times.length === 0) return null;
  const last = times.reduce((largest, time) => Math.max(largest, time), 1);
  const first = times.reduce((smallest, time) => Math.min(smallest, time), last);
  return { column: column.column, ...quantileCurve(steps, curveTimes(Math.max(1, first), last)) };
}

function answersOf(runs: readonly ShownRun[]): AnswerCount[] {
  const counts = new Map<number, number>();
  for (const { answers } of runs) {
    const [first, second] = answers;
    if (first === undefined) continue;
    const main = second !== undefined && second.weight > first.weight ? second : first;
    counts.set(main.architecture, (counts.get(main.architecture) ?? 0) + 1);
  }
  return [...counts]
    .map(([architecture, count]) => ({ architecture, runs: count }))
    .sort((a, b) => b.runs - a.runs || a.architecture - b.architecture);
}

/**
 * What pages show of a row's runs together. Failed runs are in none of it.
 * @param table null where the row's table is not at hand: then there are no curves
 * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function factsOf(
  runs: readonly ShownRun[],
  report: readonly ReportColumn[],
  table: ValueSource | null,
): RunFacts {
  const finished = runs.filter(({ failure }) => failure === undefined);
  const values = report.map(({ column }): [string, number[]] => [
    column,
    finished.flatMap((run) => run.values[column] ?? []),
  ]);
  const tests = report.filter(({ split }) => split === "test");
  return {
    values: Object.fromEntries(values),
    answers: answersOf(finished),
    curves: table === null ? [] : tests.flatMap((column) => curveOf(finished, column, table) ?? []),
  };
}
