import { readFileSync } from "node:fs";
import path from "node:path";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";

function example<T>(place: string): T {
  return JSON.parse(readFileSync(path.join(REPOSITORY, "schemas/examples", `${place}.json`), "utf8")) as T;
}

/** A method's submission, made up. */
export const exampleSubmission = (): AlgorithmSubmission => example("submission/valid/algorithm");

/** A finished run of it. */
export const exampleRun = (): SubmittedRun => example("submitted-run/valid/finished");

/** A run that failed. */
export const exampleFailedRun = (): SubmittedRun => example("submitted-run/valid/failed");

/** What a verification of it found. */
export const exampleVerification = (): Verification => example("verification/valid/passed");

/** What a verification of something unreadable found. */
export const unreadableVerification = (): Verification => example("verification/valid/unreadable");

/** Its summary. */
export const exampleSummary = (): RunSummary => exampleVerification().summary as RunSummary;
