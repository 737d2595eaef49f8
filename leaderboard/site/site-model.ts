import type { CostTable } from "../../core/costs/cost-table.ts";
import type { Protocol, ReportColumn } from "../../schemas/generated/protocol.ts";
import type { AlgorithmSubmission, Paper } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import type { VerificationStatement } from "../../schemas/generated/verification-statement.ts";
import type { TableFolder } from "../generator/computed-rows.ts";
import type { LeaderboardRow, Section } from "../generator/leaderboard.ts";

/** One run as pages show it: a line of a submission's runs.jsonl, or what a record gives of the same form. */
export interface ShownRun extends SubmittedRun {
  /** Reported values of its answer by column name, in percent; empty if the run failed or its table is not at hand. */
  readonly values: Readonly<Record<string, number>>;
}

/** Quantiles over runs of the incumbent's test regret, by simulated time. All lists have the same length. */
export interface AnyTimeCurve {
  /** Column whose regret it is. */
  readonly column: string;
  /** Simulated ms, ascending; log-spaced points and linear ones together. */
  readonly spentMs: readonly number[];
  /** Regret in percentage points: the column's optimum minus the incumbent's value. null before every run has one. */
  readonly median: readonly (number | null)[];
  /** The quarter and three quarters of the runs. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** How often an architecture was a run's answer. */
export interface AnswerCount {
  /** Official index. */
  readonly architecture: number;
  /** Runs that answered with it (with an interpolated answer: with it as the one of larger weight). */
  readonly runs: number;
}

/** What is derived from the runs of one row; kept between builds, since it depends on the row's files and its table alone. */
export interface RunFacts {
  /** Values of the finished runs in the order of the plan, by column name, in percent. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** By descending number of runs, then ascending index. */
  readonly answers: readonly AnswerCount[];
  /** One curve for each test column; none where the optimum is not known. */
  readonly curves: readonly AnyTimeCurve[];
}

/** One method's results on one search of a benchmark: what a row of a table leads to. */
export interface MethodResult {
  /** Name of its page, fit for a file name: method, version and, where two share these, the beginning of a digest. */
  readonly id: string;
  readonly row: LeaderboardRow;
  readonly facts: RunFacts;
  /** Hash of everything that facts and runs are derived from; null where the runs are not at hand. */
  readonly factsKey: string | null;
  /** What the plugin's manifest and submission say; null for results whose plugin is not at hand. */
  readonly about: {
    readonly description: string;
    readonly authors: readonly string[];
    readonly licence: string;
    /** Where the method is published; null where that is not said. */
    readonly paper: Paper | null;
    readonly kind: "evaluations" | "training";
    readonly submission: AlgorithmSubmission | null;
  } | null;
  /** What verification found; null where nobody verified. A statement about other files is not here. */
  readonly statement: VerificationStatement | null;
  /** The command that makes the row's records again. */
  readonly command: string;
  /** The runs, read anew from disk at each call; too many to keep. */
  readonly runs: () => readonly ShownRun[];
}

/** Which rows the runs tell apart, in one column. */
export interface Distinction {
  /** Column that was compared. */
  readonly column: string;
  /** Ids of the compared results, by descending mean. */
  readonly ids: readonly string[];
  /** By id: the best and the worst rank that the comparisons leave open, from 1. */
  readonly ranks: ReadonlyMap<string, readonly [best: number, worst: number]>;
  /** Runs of neighbours in `ids` in which no two are told apart: the bars of a critical-difference diagram. */
  readonly groups: readonly (readonly string[])[];
  /** Holm-adjusted two-sided p-value of a pair. */
  readonly p: (first: string, second: string) => number;
}

/** One search of one protocol version on one table version. */
export interface SiteBenchmark {
  /** Name of its page, fit for a file name. */
  readonly id: string;
  /** Rows, published companions, computed rows and notes as the other outputs have them. */
  readonly section: Section;
  readonly protocol: Protocol | null;
  readonly search: string;
  readonly report: readonly ReportColumn[];
  readonly results: readonly MethodResult[];
  /** By column name: the table's best value in percent and its architecture; empty where the table is not at hand. */
  readonly optima: Readonly<Record<string, { readonly value: number; readonly architecture: number }>>;
  /** One for each column; empty where fewer than two rows have enough runs. */
  readonly distinctions: readonly Distinction[];
  /** Id of its table's page; null where the table is not at hand. */
  readonly table: string | null;
}

/** A benchmark table that was found. */
export interface SiteTable extends TableFolder {
  /** Name of its page, fit for a file name. */
  readonly id: string;
}

/** Everything that the site is made from. */
export interface Site {
  readonly title: string;
  readonly benchmarks: readonly SiteBenchmark[];
  /** Sections of published tables and of tables without re-runs. */
  readonly otherSections: readonly Section[];
  readonly tables: readonly SiteTable[];
  /** Tables of hardware costs that were found; they are of NAS-Bench-201's networks. */
  readonly costs: readonly CostTable[];
}
