import type { Protocol, ReportColumn } from "../../../schemas/generated/protocol.ts";
import { holmAdjusted } from "../../statistics/holm-adjustment.ts";
import { type MannWhitney, mannWhitney } from "../../statistics/mann-whitney.ts";
import { meanAndStd } from "../../statistics/run-statistics.ts";
import type { MethodResult, MethodResults } from "./method-results.ts";

/** A method's runs on one search, in one reported column or in their best rewards. */
export interface MethodRuns {
  readonly method: string;
  readonly title: string;
  readonly version: string;
  /** Runs that did not fail. */
  readonly runs: number;
  /** Runs that failed; they are in no figure. */
  readonly failed: number;
  /** Percent. */
  readonly mean: number;
  /** Standard deviation with ddof 0, as on the leaderboard. */
  readonly deviation: number;
}

/** Two methods compared by their runs; `u` and `superiority` are the first one's. */
export interface MethodPair extends MannWhitney {
  readonly first: string;
  readonly second: string;
  /** Mean of the first less that of the second, in points. */
  readonly difference: number;
  /** The p-value adjusted for the number of pairs of the comparison (Holm). */
  readonly adjusted: number;
}

/** What is compared: the accuracy of a run's answer in a reported column, or the best reward that the run saw. */
export type Measure =
  | { readonly kind: "answer"; readonly column: string; readonly split: ReportColumn["split"] }
  | { readonly kind: "reward" };

/** All methods in one measure of one search. */
export interface MethodComparison {
  readonly protocol: { readonly id: string; readonly version: string };
  readonly search: string;
  readonly measure: Measure;
  /** By descending mean. */
  readonly methods: readonly MethodRuns[];
  /** Every pair; the first has the higher mean. */
  readonly pairs: readonly MethodPair[];
}

/** Methods compared on a table. */
export interface MethodFigures {
  readonly comparisons: readonly MethodComparison[];
  readonly unfinished: MethodResults["unfinished"];
}

function compare(results: readonly MethodResult[], valuesOf: (result: MethodResult) => readonly number[]) {
  const samples = results
    .map((result) => ({ method: result.inputs.method, failed: result.failed, values: valuesOf(result) }))
    .filter(({ values }) => values.length > 0)
    .map(({ method: { id, title, version }, failed, values }) => {
      const { mean, std } = meanAndStd(values);
      const runs: MethodRuns = { method: id, title, version, runs: values.length, failed, mean, deviation: std };
      return { runs, values };
    })
    .sort((a, b) => b.runs.mean - a.runs.mean || (a.runs.method < b.runs.method ? -1 : 1));
  const pairs = samples.flatMap((first, at) =>
    samples.slice(at + 1).map((second) => ({
      first: first.runs.method,
      second: second.runs.method,
      difference: first.runs.mean - second.runs.mean,
      ...mannWhitney(first.values, second.values),
    })),
  );
  const adjusted = holmAdjusted(pairs.map(({ p }) => p));
  return {
    methods: samples.map(({ runs }) => runs),
    pairs: pairs.map((pair, at) => ({ ...pair, adjusted: adjusted[at] as number })),
  };
}

/** Compares every pair of methods by their runs, each protocol, search and measure for itself. */
export function methodFigures({ finished, unfinished }: MethodResults): MethodFigures {
  const byProtocol = Map.groupBy(finished, ({ inputs }) => inputs.protocol.sha256);
  const comparisons = [...byProtocol.values()].flatMap((own) => {
    const { id, version, searches } = (own[0] as MethodResult).inputs.definition as Protocol;
    return searches.flatMap((search) => {
      const results = own.filter((result) => result.search === search.id);
      const common = { protocol: { id, version }, search: search.id };
      const answers = search.report.map(({ column, split }): MethodComparison => {
        const compared = compare(results, ({ columns }) => columns.get(column) ?? []);
        return { ...common, measure: { kind: "answer", column, split }, ...compared };
      });
      const rewards = compare(results, (result) => result.rewards);
      return [...answers, { ...common, measure: { kind: "reward" }, ...rewards } satisfies MethodComparison];
    });
  });
  return { comparisons, unfinished };
}
