import type { AlgorithmSubmission, Submission } from "../../schemas/generated/submission.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import type { CheckResult } from "../conformance/conformance.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { currentEnvironment } from "../records/session-inputs.ts";
import { type ShippedBenchmark, shippedBenchmarks } from "../submissions/shipped-benchmarks.ts";
import { readSubmission, submittedName } from "../submissions/submission-file.ts";
import { openSearchView } from "../tables/search-view.ts";
import { checkAlgorithmFiles } from "./algorithm-files-check.ts";
import { verifyAlgorithm } from "./algorithm-verification.ts";
import { CheckList } from "./check-list.ts";
import { checkDatasetFiles, verifyDataset } from "./dataset-verification.ts";
import { submissionSha256, type VerifyOptions } from "./subject.ts";
import { hashFaults, outlineFaults, placeFaults } from "./submitted-files.ts";
import { benchmarkFaults, benchmarkNamed } from "./submitted-plan.ts";

/** The submission as far as it can be read. */
function readIfPossible(folder: string, checks: CheckList): Submission | null {
  // Behind a link there may be anything, a device without an end too.
  if (!checks.havePassed(["outline"])) return null;
  try {
    return readSubmission(folder);
  } catch (error) {
    if (error instanceof HarnessError) return null;
    throw error;
  }
}

async function checkOutline(checks: CheckList, options: VerifyOptions): Promise<void> {
  if (options.touched !== undefined) {
    const { touched } = options;
    await checks.make({
      name: "touched-files",
      title: "the pull request touches nothing outside of one submission's folder",
      find: () => ({ faults: touched }),
    });
  }
  await checks.make({
    name: "outline",
    title: "the folder holds only plain files, few and small enough",
    find: () => ({ faults: outlineFaults(options.folder) }),
  });
}

async function checkHashes(checks: CheckList, options: VerifyOptions, submission: Submission): Promise<void> {
  await checks.make({
    name: "hashes",
    title: "the files are those that were listed, and they lie where they belong",
    needs: ["outline", "schema"],
    find: () => ({
      faults: [...placeFaults(options.folder, submission), ...hashFaults(options.folder, submission)],
    }),
  });
}

async function checkBenchmark(
  checks: CheckList,
  options: VerifyOptions,
  submission: AlgorithmSubmission,
): Promise<ShippedBenchmark | null> {
  let found: ShippedBenchmark | null = null;
  await checks.make({
    name: "benchmark",
    title: "protocol and table are ones that everybody has",
    needs: ["schema"],
    find: () => {
      const benchmark = benchmarkNamed(submission, shippedBenchmarks(options.root));
      const table = benchmark === null ? null : openSearchView(benchmark.tableFolder);
      const faults = benchmarkFaults(submission, benchmark, table);
      if (faults.length === 0) found = benchmark;
      return { faults };
    },
  });
  return found;
}

/** The report on a submission from its checks. */
function reportOf(
  options: VerifyOptions,
  submission: Submission | null,
  checks: readonly CheckResult[],
  findings: Pick<Verification, "summary" | "fresh">,
): Verification {
  const [parentName = "unknown", ownVersion = "0.0.0"] = options.folder.split(/[\\/]/).slice(-2);
  const { id, version } = submission === null ? { id: parentName, version: ownVersion } : submittedName(submission);
  return {
    format: 1,
    kind: submission?.kind ?? "algorithm",
    name: /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) && id.length <= 64 ? id : "unknown",
    version: /^\d+\.\d+\.\d+$/.test(version) && version.length <= 32 ? version : "0.0.0",
    sha256: submissionSha256(options.folder),
    protocol: submission?.protocol ?? null,
    table: submission?.table ?? null,
    base: options.base,
    isolation: options.isolation,
    outcome: checks.some(({ outcome }) => outcome === "failed") ? "failed" : "passed",
    checks: checks.map(({ name, title, outcome, reasons }) => ({
      name,
      title,
      outcome,
      reasons: reasons.map((reason) => reason.slice(0, 5000).toWellFormed()),
    })),
    ...findings,
    environment: currentEnvironment(),
  };
}

/**
 * Verifies one submission: every check is made and reported, whatever the others found.
 * @throws NAS_ISOLATION, NAS_INSTALL, NAS_WRITE_FAILED and other errors of this machine, which say nothing about the submission
 */
export async function verifySubmission(options: VerifyOptions): Promise<Verification> {
  const checks = new CheckList(options.onResult);
  await checkOutline(checks, options);
  const submission = readIfPossible(options.folder, checks);
  if (submission?.kind === "dataset") {
    await checkDatasetFiles(checks, options, submission);
    await checkHashes(checks, options, submission);
    await verifyDataset(checks, options, submission);
    return reportOf(options, submission, checks.results, { summary: null, fresh: null });
  }
  const read = await checkAlgorithmFiles(checks, options);
  if (read === null) return reportOf(options, submission, checks.results, { summary: null, fresh: null });
  await checkHashes(checks, options, read.submission);
  const benchmark = await checkBenchmark(checks, options, read.submission);
  if (benchmark === null) return reportOf(options, read.submission, checks.results, { summary: null, fresh: null });
  const findings = await verifyAlgorithm(checks, options, read, benchmark);
  return reportOf(options, read.submission, checks.results, findings);
}
