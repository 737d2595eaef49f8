import path from "node:path";
import { readDocument } from "../../core/files/json-file.ts";
import type { PublishedResults, PublishedRow, PublishedTable } from "../../schemas/generated/published-results.ts";
import { publishedResults } from "../../schemas/generated/validators.cjs";
import type { LeaderboardRow } from "./leaderboard.ts";

/** The published tables that ship with the harness. */
export const PUBLISHED_FILE: string = path.join(import.meta.dirname, "../published.json");

/**
 * Protocols of this harness that re-run what a paper ran, by the protocol that the published table names. Only under
 * these are published rows repeated beside re-runs.
 */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  "nas-bench-201": ["nas-bench-201", "nas-bench-201-mean"],
};

/** Reads published tables. @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA */
export function readPublished(file: string = PUBLISHED_FILE): PublishedTable[] {
  return readDocument<PublishedResults>(file, publishedResults).tables;
}

/** Whether a protocol re-runs what a published table shows. */
export function belongsTo(table: PublishedTable, protocol: string): boolean {
  return (FAMILIES[table.protocol] ?? [table.protocol]).includes(protocol);
}

/** How batch normalisation of a supernet evaluated during the search. */
function variantOf(row: PublishedRow): string | null {
  if (row.batchStatistics === null) return null;
  return row.batchStatistics ? "BN: batch statistics" : "BN: running statistics";
}

/** A published table's rows, in its order. */
export function publishedRows(table: PublishedTable): LeaderboardRow[] {
  return table.rows.map((row) => ({
    origin: "published",
    method: row.method,
    title: row.title,
    variant: variantOf(row),
    version: null,
    options: null,
    protocol: { id: table.protocol, version: null },
    table: null,
    runs: row.runs,
    plannedRuns: row.runs,
    failures: [],
    distinctRuns: null,
    evaluationsPerRun: null,
    searchSeconds: row.searchSeconds,
    measuredCpuSeconds: null,
    recordsDigest: null,
    standing: null,
    accuracies: Object.fromEntries(
      Object.entries(row.columns).map(([name, { mean, std }]) => [
        name,
        { mean, std, low: null, high: null, architecture: null },
      ]),
    ),
    extra: {},
  }));
}
