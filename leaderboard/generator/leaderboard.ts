import type { FailureCount, SummaryTable } from "../../schemas/generated/run-summary.ts";
import type { EpochCurve } from "./epoch-curves.ts";
import type { Standing } from "./standing.ts";

/**
 * Where a row's figures come from: `published` are re-typed from a paper, `re-run` was run by this harness, `computed` was
 * read from a benchmark table without any search.
 */
export type Origin = "published" | "re-run" | "computed";

/** One figure of a row, in percent. */
export interface Accuracy {
  readonly mean: number;
  /** Standard deviation over runs (ddof 0); null where there is only one value. */
  readonly std: number | null;
  /** Ends of the 95 % interval of the mean; null where the single runs are not known. */
  readonly low: number | null;
  readonly high: number | null;
  /** Official index of the cell that the figure belongs to; null where it is a mean over answers. */
  readonly architecture: number | null;
}

/** One row. All text in it is free of control characters but not escaped for any format. */
export interface LeaderboardRow {
  readonly origin: Origin;
  /** Method id. */
  readonly method: string;
  /** Name to show. */
  readonly title: string;
  /** What tells this row from others of the same method, e.g. an option or how batch normalisation evaluated. */
  readonly variant: string | null;
  /** Version of the method; null where it has none. */
  readonly version: string | null;
  /** All options of a re-run. */
  readonly options: Readonly<Record<string, unknown>> | null;
  /** The protocol that the figures were measured under, with its version if it is this harness's own. */
  readonly protocol: { readonly id: string; readonly version: string | null };
  /** The table that the figures come from; null for published rows. */
  readonly table: SummaryTable | null;
  /** Runs that finished, and that were planned; null where there is no search, or the number is not known. */
  readonly runs: number | null;
  readonly plannedRuns: number | null;
  readonly failures: readonly FailureCount[];
  readonly distinctRuns: number | null;
  readonly evaluationsPerRun: number | null;
  /** Simulated seconds of a run; for published rows the search seconds as printed. */
  readonly searchSeconds: number | null;
  /** Measured CPU seconds of the method itself in a run. */
  readonly measuredCpuSeconds: number | null;
  readonly recordsDigest: string | null;
  /** How far the figures of a re-run are to be trusted; null for published and computed rows. */
  readonly standing: Standing | null;
  /** By column name; null where no run finished or nothing is known. */
  readonly accuracies: Readonly<Record<string, Accuracy | null>>;
  /** Texts of the extension columns by column name. */
  readonly extra: Readonly<Record<string, string | null>>;
}

/** Where a row stands among the rows that its runs are compared with. */
export interface RankRange {
  /** From 1; the best and the worst rank that the comparisons leave open. */
  readonly best: number;
  readonly worst: number;
  /** Letters of the groups that it belongs to: rows with a letter in common are not told apart. Empty if it is told apart from all. */
  readonly letters: readonly string[];
}

/** A ranked or computed row with the published rows of the same method, which are shown below it. */
export interface RowGroup {
  /** null where the row takes no part in the ranking. */
  readonly rank: RankRange | null;
  readonly row: LeaderboardRow;
  readonly published: readonly LeaderboardRow[];
}

/** One reported column, e.g. `cifar10.test`. */
export interface LeaderboardColumn {
  readonly name: string;
  /** The dataset's published name. */
  readonly dataset: string;
  /** `valid` or `test`. */
  readonly split: string;
}

/** A column that an extension added. */
export interface ExtraColumnHead {
  readonly name: string;
  readonly title: string;
}

/** An architecture that a row names. */
export interface NamedCell {
  /** Official index. */
  readonly architecture: number;
  /** Its string. */
  readonly text: string;
}

/** Rows that may be compared with one another: one protocol version on one table version, or one published table. */
export interface Section {
  /** Anchor on the page: lower-case letters, digits, dots and hyphens. */
  readonly id: string;
  /** What its leading rows are. */
  readonly kind: Origin;
  readonly heading: string;
  /** One sentence on what the table shows. */
  readonly caption: string;
  readonly columns: readonly LeaderboardColumn[];
  /** Name of the column that rows are ranked by; null in a section without ranks. */
  readonly rankedBy: string | null;
  readonly groups: readonly RowGroup[];
  /** The architectures that figures of this section belong to. */
  readonly cells: readonly NamedCell[];
  /** What a reader must know, one paragraph each. */
  readonly notes: readonly string[];
}

/** The whole leaderboard, from which every output is made. */
export interface Leaderboard {
  readonly title: string;
  readonly sections: readonly Section[];
  /** What searches that train looked like, by the logs that were given. */
  readonly epochCurves: readonly EpochCurve[];
  /** How to read it, one paragraph each. */
  readonly reading: readonly string[];
  /** What to know when re-runs are compared with published rows, one paragraph each. */
  readonly comparison: readonly string[];
  readonly extraColumns: readonly ExtraColumnHead[];
  /** Methods with results that are not whole yet, as `<protocol>/<method>`. */
  readonly unfinished: readonly string[];
}
