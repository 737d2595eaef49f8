import { compareAll } from "../../../core/statistics/distinction.ts";
import type { Accuracy, LeaderboardRow, RowGroup, Section } from "../../../leaderboard/generator/leaderboard.ts";
import { columnsOf } from "../../../leaderboard/generator/sections.ts";
import type { StandingKind } from "../../../leaderboard/generator/standing.ts";
import { withRanks } from "../../../leaderboard/site/rank-groups.ts";
import type { MethodResult, SiteBenchmark } from "../../../leaderboard/site/site-model.ts";

/** Text that would be markup, a command or a formula where it was not escaped. */
export const HOSTILE = `=1+1 <img src=x onerror=alert(1)>"><script>alert(2)</script> | \\input{x} 100% & _~^ שלום 🙂 ${"x".repeat(200)}`;

/** A made-up method: accuracies of its runs on `cifar10.test`, in percent; `cifar10.valid` is 3 less. */
export interface MadeUpMethod {
  readonly method: string;
  readonly title?: string;
  readonly values: readonly number[];
  readonly kind?: "evaluations" | "training";
  readonly standing?: StandingKind;
  readonly batchStatistics?: boolean;
  /** Mean of the published row below it. */
  readonly published?: number;
}

/** The made-up table's best on `cifar10.test`, in percent. */
export const OPTIMUM = 94.4;

const COLUMNS = ["cifar10.valid", "cifar10.test"] as const;

const offsetOf = (column: string) => (column === "cifar10.valid" ? -3 : 0);

function accuracyOf(values: readonly number[]): Accuracy {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
  return { mean, std, low: mean - 0.05, high: mean + 0.05, architecture: null };
}

const EMPTY = {
  variant: null,
  version: null,
  options: null,
  protocol: { id: "nas-bench-201", version: null },
  table: null,
  runs: null,
  plannedRuns: null,
  failures: [],
  distinctRuns: null,
  evaluationsPerRun: null,
  searchSeconds: null,
  measuredCpuSeconds: null,
  recordsDigest: null,
  standing: null,
  extra: {},
} satisfies Partial<LeaderboardRow>;

function rowOf({ method, title, values, kind, standing, batchStatistics }: MadeUpMethod): LeaderboardRow {
  return {
    ...EMPTY,
    origin: "re-run",
    method,
    title: title ?? method.toUpperCase(),
    version: "1.0.0",
    options: batchStatistics === undefined ? {} : { batchStatistics },
    protocol: { id: "nas-bench-201-mean", version: "1.0.0" },
    runs: values.length,
    plannedRuns: values.length,
    distinctRuns: values.length,
    evaluationsPerRun: kind === "training" ? null : 100,
    searchSeconds: 12_000,
    measuredCpuSeconds: 0.01,
    recordsDigest: `digest of ${method}`,
    standing: { kind: standing ?? "local", url: null, fresh: null },
    accuracies: Object.fromEntries(
      COLUMNS.map((column) => [column, accuracyOf(values.map((value) => value + offsetOf(column)))]),
    ),
  };
}

function fixedRow(origin: "published" | "computed", method: string, mean: number): LeaderboardRow {
  const accuracy = { mean, std: null, low: null, high: null, architecture: origin === "computed" ? 6111 : null };
  return { ...EMPTY, origin, method, title: method, accuracies: { "cifar10.valid": null, "cifar10.test": accuracy } };
}

function resultOf(method: MadeUpMethod): MethodResult {
  const { values, kind = "evaluations" } = method;
  return {
    id: `${method.method}-1.0.0`,
    row: rowOf(method),
    facts: {
      values: Object.fromEntries(COLUMNS.map((name) => [name, values.map((value) => value + offsetOf(name))])),
      answers: [],
      curves: [],
    },
    about: { description: "", authors: ["A. Author"], licence: "MIT", kind, submission: null },
    statement: null,
    command: `nas-harness run ${method.method}`,
    runs: () => [],
  } as unknown as MethodResult;
}

/** A benchmark with these methods in the order given, compared as the site compares, and the optimum as a computed row. */
export function madeUpBenchmark(methods: readonly MadeUpMethod[], id = "made-up-1.0.0"): SiteBenchmark {
  const results = methods.map(resultOf);
  const compared = results.filter((_, at) => (methods[at]?.values.length ?? 0) >= 10);
  const groups = results.map(
    ({ row }, at): RowGroup => ({
      rank: null,
      row,
      published: methods[at]?.published === undefined ? [] : [fixedRow("published", row.method, methods[at].published)],
    }),
  );
  const section: Section = {
    id,
    kind: "re-run",
    heading: "A made-up benchmark",
    caption: "Protocol nas-bench-201-mean 1.0.0",
    columns: columnsOf(COLUMNS),
    rankedBy: "cifar10.test",
    groups: [...groups, { rank: null, row: fixedRow("computed", "optimal", OPTIMUM), published: [] }],
    cells: [],
    notes: [],
  };
  const distinctions = COLUMNS.map((column) => {
    const { order, ranks, groups: alike, p } = compareAll(compared.map(({ facts }) => facts.values[column] ?? []));
    const idAt = (at: number) => (compared[at] as MethodResult).id;
    const positionOf = (name: string) => compared.findIndex((result) => result.id === name);
    return {
      column,
      ids: order.map(idAt),
      ranks: new Map(ranks.map((range, at) => [idAt(at), range] as const)),
      groups: alike.map((group) => group.map(idAt)),
      p: (first: string, second: string) => p(positionOf(first), positionOf(second)),
    };
  });
  const optima = { "cifar10.test": { value: OPTIMUM, architecture: 6111 } };
  const ranked = withRanks(section, results, distinctions);
  return {
    id,
    section: ranked,
    protocol: null,
    search: "made-up",
    report: [],
    results,
    optima,
    distinctions,
    table: null,
  };
}

const around = (mean: number, runs: number) =>
  Array.from({ length: runs }, (_, at) => mean + ((at * 7) % 10) / 20 - 0.225);

/** Three methods of which the first two are not told apart, one with too few runs, and one with a hostile name. */
export const METHODS: readonly MadeUpMethod[] = [
  { method: "gdas", values: around(94.2, 3), kind: "training", batchStatistics: true, standing: "claimed" },
  { method: "rea", values: around(93.95, 30), published: 93.92, standing: "verified" },
  { method: "reinforce", values: around(93.93, 30), published: 93.85, standing: "claimed" },
  { method: "rs", values: around(93.5, 30), published: 93.7, standing: "claimed" },
  { method: "evil", title: HOSTILE, values: around(90, 30), standing: "refuted" },
];
