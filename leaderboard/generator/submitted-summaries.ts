import { existsSync } from "node:fs";
import { protocolSha256 } from "../../core/records/session-inputs.ts";
import { readSummary } from "../../core/statistics/summary-file.ts";
import { type ShippedBenchmark, shippedBenchmarks } from "../../core/submissions/shipped-benchmarks.ts";
import { findSubmissions, isAlgorithmSubmission } from "../../core/submissions/submission-file.ts";
import { readStatement, statementFile } from "../../core/verify/statement.ts";
import { submissionSha256 } from "../../core/verify/subject.ts";
import type { VerificationStatement } from "../../schemas/generated/verification-statement.ts";
import { DEFAULT_REMOTE, isRecorded } from "./recorded-statement.ts";
import type { FoundSummary } from "./run-summaries.ts";
import type { Standing } from "./standing.ts";

/** Where submissions and what verification found of them lie. */
export interface SubmissionSources {
  readonly submissions: string;
  readonly verifications: string;
  /** The git remote whose repository's statements count; origin unless given. */
  readonly remote?: string;
}

/** Summaries of submissions, and the tables that came with datasets. */
export interface FoundSubmissions {
  readonly summaries: readonly FoundSummary[];
  readonly benchmarks: readonly ShippedBenchmark[];
  /** Files of statements that name a run of continuous integration without being recorded where they should be. */
  readonly unrecorded: readonly string[];
}

function freshOf({ subject }: VerificationStatement, search: string): Standing["fresh"] {
  const row = subject[0]?.annotations?.freshSeeds?.find((one) => one.search === search);
  if (row === undefined) return null;
  return Object.fromEntries(
    Object.entries(row.columns).flatMap(([name, statistic]) =>
      statistic === null ? [] : [[name, { mean: statistic.mean, runs: row.runs }]],
    ),
  );
}

/** What verification found of a submission. */
interface FoundStatement {
  readonly statement: VerificationStatement;
  /** Whether continuous integration recorded it. */
  readonly counts: boolean;
}

function readFound(file: string, remote: string): FoundStatement | null {
  if (!existsSync(file)) return null;
  const statement = readStatement(file);
  return { statement, counts: isRecorded(file, statement, remote) };
}

/** What a statement says of a submission, if it is about these files. */
function standingOf(found: FoundStatement | null, search: string): Standing {
  if (found === null) {
    return { kind: "claimed", url: null, fresh: null };
  }
  const { statement, counts } = found;
  const { result, url } = statement.predicate;
  const fresh = freshOf(statement, search);
  const run = counts ? (url ?? null) : null;
  if (result === "FAILED") return { kind: "refuted", url: run, fresh };
  // Verified without a box, a method may have done anything: it counts for nobody else.
  if (result === "WARNED" || run === null) return { kind: "checked", url: null, fresh };
  return { kind: "verified", url: run, fresh };
}

/**
 * The methods' submissions below a folder with where they stand, and the benchmarks of datasets.
 * @throws NAS_JSON, NAS_SCHEMA and NAS_FILE_NOT_FOUND naming a broken file
 */
export function findSubmitted(sources: SubmissionSources): FoundSubmissions {
  const { submissions, verifications, remote = DEFAULT_REMOTE } = sources;
  const benchmarks = shippedBenchmarks(submissions);
  const unrecorded: string[] = [];
  const summaries = findSubmissions(submissions)
    .filter(isAlgorithmSubmission)
    .map(({ folder, submission }): FoundSummary => {
      const { id, version } = submission.method;
      const file = statementFile(verifications, id, version);
      const found = readFound(file, remote);
      if (found?.statement.predicate.url !== undefined && !found.counts) unrecorded.push(file);
      const isAbout = found !== null && found.statement.subject[0]?.digest?.sha256 === submissionSha256(folder);
      return {
        summary: readSummary(folder),
        source: { kind: "submission", folder, submission, statement: isAbout ? found.statement : null },
        definition:
          benchmarks.find(({ protocol }) => protocolSha256(protocol) === submission.protocol.sha256)?.protocol ?? null,
        standing: (search) => standingOf(isAbout ? found : null, search),
      };
    });
  return { summaries, benchmarks, unrecorded };
}
