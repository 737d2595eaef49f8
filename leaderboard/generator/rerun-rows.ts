import { canonicalJson } from "../../core/records/canonical-json.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RecordConstraint } from "../../schemas/generated/record.ts";
import type { RunSummary, SummaryRow, SummaryTable, Versioned } from "../../schemas/generated/run-summary.ts";
import type { LeaderboardRow } from "./leaderboard.ts";
import type { FoundSummary, RunSource } from "./run-summaries.ts";
import { type Standing, standingOrder } from "./standing.ts";
import { plainText } from "./text.ts";

/** Re-runs that may be ranked together: one search of one protocol version on one table version, under the same constraints. */
export interface RerunSet {
  readonly protocol: Versioned;
  readonly table: SummaryTable;
  /** The whole protocol, or null where it is not known. */
  readonly definition: Protocol | null;
  readonly search: string;
  /** What architectures were allowed to cost; empty where nothing was constrained. */
  readonly constraints: readonly RecordConstraint[];
  readonly rows: readonly LeaderboardRow[];
  /** Where each row's runs lie. */
  readonly sources: readonly (RunSource | null)[];
}

function rowOf(summary: RunSummary, row: SummaryRow, standing: Standing): LeaderboardRow {
  return {
    origin: "re-run",
    method: row.method,
    title: plainText(row.title),
    variant: null,
    version: row.version,
    options: row.options,
    protocol: summary.protocol,
    table: summary.table,
    runs: row.runs,
    plannedRuns: row.runs + row.failedRuns,
    failures: (row.failures ?? []).map(({ code, runs, what }) => ({ code, runs, what: plainText(what) })),
    distinctRuns: row.distinctRuns,
    // A method that trains evaluates nothing.
    evaluationsPerRun: row.runs === 0 || row.evaluationsPerRun === 0 ? null : row.evaluationsPerRun,
    searchSeconds: row.runs === 0 ? null : row.searchSeconds,
    measuredCpuSeconds: row.measuredCpuSeconds,
    recordsDigest: row.recordsDigest,
    standing,
    accuracies: Object.fromEntries(
      Object.entries(row.columns).map(([name, statistic]) => [
        name,
        statistic === null ? null : { ...statistic, architecture: null },
      ]),
    ),
    extra: {},
  };
}

function orderOf(row: LeaderboardRow | undefined): number {
  return row === undefined ? -1 : (standingOrder(row) ?? -1);
}

/** In what a row differs from the others of its method: its version, and the options that are not the same in all. */
function variantOf(row: LeaderboardRow, others: readonly LeaderboardRow[]): string | null {
  const differs = (value: (row: LeaderboardRow) => unknown) =>
    others.some((other) => canonicalJson(value(other) ?? null) !== canonicalJson(value(row) ?? null));
  const names = [...new Set(others.flatMap((other) => Object.keys(other.options ?? {})))].sort();
  const parts = names
    .filter((name) => differs(({ options }) => options?.[name]))
    .map((name) => `${name} ${canonicalJson(row.options?.[name] ?? null)}`);
  if (differs(({ version }) => version)) parts.unshift(`version ${row.version}`);
  return parts.length === 0 ? null : plainText(parts.join(", "));
}

function withVariants(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  return rows.map((row) => {
    const namesakes = rows.filter(({ method }) => method === row.method);
    return { ...row, variant: namesakes.length === 1 ? null : variantOf(row, namesakes) };
  });
}

/**
 * Rows of summaries in sets that may be ranked together, ordered by protocol, table and, within them, as the summaries
 * have the searches. The same results found twice give one row, the one with the better standing.
 */
export function rerunSets(found: readonly FoundSummary[]): RerunSet[] {
  type Filling = {
    pair: string;
    head: Omit<RerunSet, "rows" | "sources">;
    rows: LeaderboardRow[];
    sources: (RunSource | null)[];
  };
  const sets = new Map<string, Filling>();
  for (const { summary, source, definition, standing } of found) {
    const { protocol, table } = summary;
    const pair = JSON.stringify([protocol.id, protocol.version, table.id, table.version, table.searchContentHash]);
    for (const row of summary.rows) {
      const { search, constraints = [] } = row;
      const key = JSON.stringify([pair, search, constraints]);
      const set = sets.get(key) ?? {
        pair,
        head: { protocol, table, definition, search, constraints },
        rows: [],
        sources: [],
      };
      sets.set(key, set);
      const own = rowOf(summary, row, standing(search));
      const known = set.rows.findIndex(
        (other) => other.method === row.method && other.recordsDigest === row.recordsDigest,
      );
      if (known >= 0 && orderOf(own) <= orderOf(set.rows[known])) continue;
      const at = known < 0 ? set.rows.length : known;
      set.rows[at] = own;
      set.sources[at] = source;
    }
  }
  // The sort is stable: searches of one pair keep their order.
  const sorted = [...sets.values()].sort((a, b) => (a.pair < b.pair ? -1 : a.pair > b.pair ? 1 : 0));
  return sorted.map(({ head, rows, sources }) => ({ ...head, rows: withVariants(rows), sources }));
}
