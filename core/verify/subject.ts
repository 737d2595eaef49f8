import path from "node:path";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { AlgorithmSubmission, Submission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import type { CheckResult } from "../conformance/conformance.ts";
import { pluginHash } from "../plugins/plugin-hash.ts";
import { hashOf } from "../random/seed.ts";
import { PLUGIN_FOLDER } from "../submissions/submission-folder.ts";
import type { Laboratory } from "./repeated-runs.ts";

/** Settings of a verification. */
export interface VerifyOptions {
  /** The submission's folder. */
  readonly folder: string;
  /** The folder of all submissions: datasets in it are benchmarks, methods in it may have been copied. */
  readonly root: string;
  /** Commit that the submission is based on, from which fresh seeds are derived; null where there is none. */
  readonly base: string | null;
  /** How methods are kept apart; only a box counts. */
  readonly isolation: "box" | "process";
  readonly memoryLimitMb: number;
  readonly runLimitSeconds: number;
  readonly jobs: number;
  /** A dataset's trainings that are made again. */
  readonly auditedTrials: number;
  /** True: every run of a method that trains is made again in full, however long that takes. */
  readonly everyRun?: boolean;
  /** A folder for what is made meanwhile, which the caller deletes. */
  readonly work: string;
  readonly signal?: AbortSignal;
  /** Faults of the pull request that brings the submission; undefined: there is none. */
  readonly touched?: readonly string[];
  /** Called for each check as it is done. */
  readonly onResult?: (result: CheckResult) => void;
  readonly onProgress?: (what: string, done: number, total: number) => void;
  readonly onEpoch?: Laboratory["onEpoch"];
  readonly onOutput?: (text: string) => void;
}

/** A method's submission, read. */
export interface ReadAlgorithmSubmission {
  readonly submission: AlgorithmSubmission;
  readonly runs: readonly SubmittedRun[];
  readonly summary: RunSummary;
}

/** SHA-256 over the names and bytes of a submission's files. */
export function submissionSha256(folder: string): string {
  return pluginHash(folder);
}

/** What fresh seeds are derived from: the base commit, or the submission itself where there is none. */
export function freshBase(options: VerifyOptions, submission: Submission): string {
  return options.base ?? hashOf(["nas-harness/no-base", submission.plugin.sha256]);
}

/** The plugin's folder of a submission. */
export function pluginOf(options: VerifyOptions): string {
  return path.join(options.folder, PLUGIN_FOLDER);
}
