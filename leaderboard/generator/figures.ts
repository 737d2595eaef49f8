import type { Accuracy, LeaderboardRow } from "./leaderboard.ts";

/** What stands where there is nothing to show. */
export const NOTHING = "–";

/** Digits in groups of three: `35,781.80`. */
export function groupedNumber(value: number, decimals: number): string {
  const [whole = "", fraction] = value.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `93.94 ± 0.42`, or `93.94` where there is no deviation. */
export function accuracyText(accuracy: Accuracy | null | undefined): string {
  if (accuracy == null) return NOTHING;
  const { mean, std } = accuracy;
  return std === null ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${std.toFixed(2)}`;
}

/** `[93.90, 93.98]`, or null where there is no interval. */
export function intervalText(accuracy: Accuracy | null | undefined): string | null {
  if (accuracy == null || accuracy.low === null || accuracy.high === null) return null;
  return `[${accuracy.low.toFixed(2)}, ${accuracy.high.toFixed(2)}]`;
}

/** A row's mean minus a published one's, in percentage points; null where one of them is missing. */
export function differenceFrom(row: LeaderboardRow, published: LeaderboardRow, column: string): number | null {
  const [own, other] = [row.accuracies[column], published.accuracies[column]];
  return own == null || other == null ? null : own.mean - other.mean;
}

/** `+0.02` or `−0.13`; a difference that rounds to nothing is `0.00`, without a sign. */
export function signedText(difference: number): string {
  const digits = Math.abs(difference).toFixed(2);
  if (digits === "0.00") return digits;
  return `${difference > 0 ? "+" : "−"}${digits}`;
}

/** `500`, or `497/500` where runs failed. */
export function runsText(row: LeaderboardRow): string {
  if (row.runs === null) return NOTHING;
  return row.plannedRuns === null || row.plannedRuns === row.runs ? `${row.runs}` : `${row.runs}/${row.plannedRuns}`;
}

/** A row's origin in words. */
export function originText(row: LeaderboardRow): string {
  const rerun = row.standing === null || row.standing.kind === "local" ? "re-run here" : "submitted";
  return { published: "published", "re-run": rerun, computed: "computed" }[row.origin];
}

/** A row's protocol: `nas-bench-201-mean 1.0.0`, or the id alone where the paper's own code ran it. */
export function protocolText(row: LeaderboardRow): string {
  const { id, version } = row.protocol;
  return version === null ? id : `${id} ${version}`;
}

/** Title and what tells a row from others of the same method: `GDAS (batch statistics)`. */
export function rowTitle(row: LeaderboardRow): string {
  return row.variant === null ? row.title : `${row.title} (${row.variant})`;
}
