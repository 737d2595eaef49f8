import { protocolSha256 } from "../../core/records/session-inputs.ts";
import type { SummaryRow } from "../../schemas/generated/run-summary.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import type { Leaderboard } from "./leaderboard.ts";
import { rerunSets } from "./rerun-rows.ts";
import { rerunSection } from "./rerun-section.ts";
import type { FoundSummary } from "./run-summaries.ts";
import type { Standing } from "./standing.ts";
import { findSubmitted, type SubmissionSources } from "./submitted-summaries.ts";

function standingOf({ outcome, fresh }: Verification, search: string): Standing {
  const row = fresh?.rows.find((one) => one.search === search);
  const means = Object.entries(row?.columns ?? {}).flatMap(([name, statistic]) =>
    statistic === null ? [] : [[name, { mean: statistic.mean, runs: row?.runs ?? 0 }] as const],
  );
  return {
    kind: outcome === "passed" ? "checked" : "refuted",
    url: null,
    fresh: row === undefined ? null : Object.fromEntries(means),
  };
}

/** The leaderboard's submissions with the rows of a verification among them, as they would stand. */
export function reportedBoard(verification: Verification, sources: SubmissionSources): Leaderboard {
  const { summaries, benchmarks } = findSubmitted(sources);
  const { summary, protocol } = verification;
  const definition = benchmarks.find((one) => protocolSha256(one.protocol) === protocol?.sha256)?.protocol ?? null;
  const isOwn = ({ method, version }: SummaryRow) => method === verification.name && version === verification.version;
  // A report speaks for its own submission only: rows of others in it may be made up.
  const rows = summary === null ? [] : summary.rows.filter(isOwn);
  const own: FoundSummary[] =
    summary === null
      ? []
      : [
          {
            summary: { ...summary, rows },
            source: null,
            definition,
            standing: (search) => standingOf(verification, search),
          },
        ];
  const isSame = (one: FoundSummary) => one.summary.rows.some(isOwn);
  const sets = rerunSets([...own, ...summaries.filter((one) => !isSame(one))]).filter(({ rows }) =>
    rows.some(({ method }) => method === verification.name),
  );
  return {
    title: "Submissions",
    sections: sets.map((set) => rerunSection(set, [], [], [])),
    reading: [],
    comparison: [],
    extraColumns: [],
    epochCurves: [],
    unfinished: [],
  };
}
