import { existsSync, lstatSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Verification } from "../../schemas/generated/verification.ts";
import { formatError, HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import type { Enclosure } from "../isolation/guest-command.ts";
import { enclosureFor } from "../isolation/isolation-mode.ts";
import { readSummary, SUMMARY_NAME } from "../statistics/summary-file.ts";
import { submissionFolders } from "../submissions/submission-file.ts";
import { SUBMISSION_NAME, VERIFICATIONS_FOLDER } from "../submissions/submission-folder.ts";
import {
  commitEntryFaults,
  commitOf,
  currentCommit,
  readPullRequest,
  takeOut,
  touchedFaults,
} from "../verify/pull-request.ts";
import { integrationRun, makeStatement, statementFile, writeStatement } from "../verify/statement.ts";
import type { VerifyOptions } from "../verify/subject.ts";
import { verifySubmission } from "../verify/verification.ts";
import type { VerifyFlags } from "./commands/verify.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { inLanes } from "./lanes.ts";
import { parsePositive } from "./number-flags.ts";
import { printJson, remark } from "./terminal.ts";
import { displayAlone, SharedDisplay, type VerificationDisplay } from "./verification-display.ts";

/** A submission to verify. */
interface Target {
  readonly folder: string;
  readonly base: string | null;
  readonly touched?: readonly string[];
}

/** The submission that a range of commits brings, taken out of the head into a folder of its own. */
function targetOfRange(range: string, flags: VerifyFlags, work: string): Target {
  const pullRequest = readPullRequest(flags.repository, range, flags.submissions);
  const [folder] = pullRequest.folders;
  if (folder === undefined) {
    throw new HarnessError("NAS_SUBMISSION", {
      what: "these commits touch no submission",
      where: range,
      allowed: `one folder ${flags.submissions}/<name>/<version>`,
      next: "nas-harness submit writes such a folder",
    });
  }
  takeOut(flags.repository, pullRequest.head, folder, work);
  const touched = [
    ...touchedFaults(pullRequest, folder),
    ...commitEntryFaults(flags.repository, pullRequest.head, folder),
  ];
  return { folder: path.join(work, folder), base: pullRequest.base, touched };
}

function targetsOf(names: readonly string[], flags: VerifyFlags, work: string): Target[] {
  const given = names.length > 0 ? names : submissionFolders(flags.submissions);
  if (given.length === 0) {
    throw new HarnessError("NAS_SUBMISSION", {
      what: "there is no submission to verify",
      where: flags.submissions,
      allowed: "folders <submissions>/<name>/<version>",
      next: "name one, or write one: nas-harness submit",
    });
  }
  return given.map((name) => {
    if (existsSync(path.join(name, SUBMISSION_NAME))) return { folder: path.resolve(name), base: currentCommit(name) };
    if (/^[^/\\].*\.\.[^/\\]/.test(name)) return targetOfRange(name, flags, work);
    throw new HarnessError("NAS_SUBMISSION", {
      what: existsSync(name) ? `the folder holds no ${SUBMISSION_NAME}` : "there is no such folder",
      where: name,
      allowed: "the folder of a submission, or <base>..<head>",
      next: "nas-harness submit writes such a folder",
    });
  });
}

/** How methods are kept apart. @throws NAS_ISOLATION if strict isolation is not to be had */
function enclosureOf({ isolation }: VerifyFlags): Enclosure {
  const { enclosure, lack } = enclosureFor(isolation, "a submitted method");
  if (lack !== null) remark(`without a box: ${lack}; such a verification is only for yourself`);
  return enclosure;
}

/** Writes what was found where it was asked for. @throws NAS_WRITE_FAILED */
function keep(verification: Verification, flags: VerifyFlags): void {
  if (flags.record === undefined) return;
  const root = flags.record === true ? VERIFICATIONS_FOLDER : flags.record;
  const file = statementFile(root, verification.name, verification.version);
  writeStatement(file, makeStatement(verification, integrationRun()));
  remark(`wrote ${file}`);
}

function failure(failed: readonly Verification[], total: number): HarnessError {
  return new HarnessError("NAS_VERIFICATION_FAILED", {
    what:
      total === 1 ? "the submission was not verified" : `${failed.length} of ${total} submissions were not verified`,
    where: failed
      .map(({ name, version, checks }) => {
        const names = checks.filter(({ outcome }) => outcome === "failed").map((check) => check.name);
        return `- ${name} ${version}: ${names.join(", ")}`;
      })
      .join("\n"),
    next: "docs/guides/submit.md says what each check wants",
  });
}

/** More than any summary takes. */
const LARGEST_SUMMARY_BYTES = 1_048_576;

/** CPU seconds of a run as a submission tells them: trainings take the longest; 0 if it tells none that can be read. */
function recordedSeconds({ folder }: Target): number {
  const found = lstatSync(path.join(folder, SUMMARY_NAME), { throwIfNoEntry: false });
  // No check was made yet: behind a link there may be a device without an end.
  if (found?.isFile() !== true || found.size > LARGEST_SUMMARY_BYTES) return 0;
  try {
    const { rows } = readSummary(folder);
    return Math.max(0, ...rows.map(({ measuredCpuSeconds }) => measuredCpuSeconds ?? 0));
  } catch (error) {
    if (error instanceof HarnessError) return 0;
    throw error;
  }
}

/** What all submissions of a command are verified with. */
type CommonOptions = Omit<VerifyOptions, "folder" | "base" | "touched" | "work" | keyof VerificationDisplay>;

/** Verifies a submission and keeps what was found. @returns null if it was interrupted */
async function verifyTarget(
  { folder, base, touched }: Target,
  common: CommonOptions & { readonly work: string; readonly givenBase: string | null },
  display: VerificationDisplay,
  interruption: AbortSignal,
): Promise<Verification | null> {
  const { givenBase, ...options } = common;
  const { finish, ...shown } = display;
  let verification: Verification | null = null;
  try {
    verification = await verifySubmission({
      ...options,
      ...shown,
      ...{ folder, base: givenBase ?? base },
      ...(touched === undefined ? {} : { touched }),
    });
  } catch (error) {
    // What breaks off because of Ctrl-C is no error, and no fault of the submission.
    if (!interruption.aborted) throw error;
  } finally {
    finish(interruption.aborted ? null : verification);
  }
  return interruption.aborted ? null : verification;
}

/**
 * The action of `verify`; returns the exit code.
 * @throws NAS_VERIFICATION_FAILED, NAS_SUBMISSION, NAS_USAGE, NAS_ISOLATION and other errors of this machine
 */
export async function verifyCommand(names: readonly string[], flags: VerifyFlags): Promise<number> {
  const isolation = enclosureOf(flags);
  const jobs = parsePositive(flags.jobs, "--jobs", 1024);
  const runLimitSeconds = parsePositive(flags.runLimit, "--run-limit", 10_000_000);
  const memoryLimitMb = parsePositive(flags.memoryLimit, "--memory-limit", 1_048_576);
  const auditedTrials = parsePositive(flags.audit, "--audit", 1_000_000);
  const work = mkdtempSync(path.join(os.tmpdir(), "nas-harness-verify-"));
  const { signal, restore } = interruptible();
  const isJson = flags.json === true;
  const verifications: Verification[] = [];
  try {
    const givenBase = flags.base === undefined ? null : commitOf(flags.repository, flags.base);
    const targets = targetsOf(names, flags, work);
    // Side by side, each with its share of the processes: much of a verification is one process waiting for another.
    const lanes = Math.min(jobs, targets.length);
    const side = lanes > 1 ? new SharedDisplay(targets.length, isJson) : null;
    const found = await inLanes(targets, lanes, recordedSeconds, async (target, at, stopped) => {
      if (signal.aborted) return null;
      const folder = path.relative("", target.folder);
      const verification = await verifyTarget(
        target,
        {
          ...{ root: flags.submissions, isolation, memoryLimitMb, runLimitSeconds, auditedTrials, givenBase },
          ...{ jobs: Math.floor(jobs / lanes), everyRun: flags.everyRun === true },
          signal: AbortSignal.any([signal, stopped]),
          work: path.join(work, `submission-${at}`),
          onOutput: (text) => process.stderr.write(text),
        },
        side?.of(folder) ?? displayAlone(folder, isJson),
        signal,
      );
      if (verification !== null) keep(verification, flags);
      return verification;
    }).finally(() => side?.close());
    if (signal.aborted) {
      remark("interrupted: nothing was recorded of what was not finished");
      return INTERRUPTED;
    }
    verifications.push(...found.filter((verification) => verification !== null));
  } finally {
    restore();
    rmSync(work, { recursive: true, force: true });
  }
  if (flags.report !== undefined) writeFileAtomic(flags.report, `${JSON.stringify(verifications, null, 2)}\n`);
  if (isJson) printJson(verifications);
  const failed = verifications.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return 0;
  const error = failure(failed, verifications.length);
  if (!isJson) throw error;
  // Thrown, the error would be a second document on stdout.
  remark(formatError(error));
  return error.exitCode;
}
