import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { AlgorithmSubmission, DatasetSubmission, Submission } from "../../schemas/generated/submission.ts";
import { algorithmSubmission, datasetSubmission } from "../../schemas/generated/validators.cjs";
import { checkDocument, parseJson, readTextFile } from "../files/json-file.ts";
import { SUBMISSION_NAME } from "./submission-folder.ts";

/** A submission and where it lies. */
export interface FoundSubmission<Kind = Submission> {
  readonly folder: string;
  readonly submission: Kind;
}

/** Reads a submission's `submission.json`. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA */
export function readSubmission(folder: string): Submission {
  const file = path.join(folder, SUBMISSION_NAME);
  const document = parseJson(readTextFile(file, "name a folder that nas-harness submit wrote"), file);
  // One definition of the two: its faults read better alone.
  const isDataset = (document as { kind?: unknown } | null)?.kind === "dataset";
  return checkDocument<Submission>(document, isDataset ? datasetSubmission : algorithmSubmission, file);
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
}

/** The folders below a root that hold a `submission.json`, in order of name and version; none if there is no such root. */
export function submissionFolders(root: string): string[] {
  return subfolders(root)
    .flatMap((name) => subfolders(path.join(root, name)).map((version) => path.join(root, name, version)))
    .filter((folder) => existsSync(path.join(folder, SUBMISSION_NAME)));
}

/** Every submission below a root. @throws as {@link readSubmission} does */
export function findSubmissions(root: string): FoundSubmission[] {
  return submissionFolders(root).map((folder) => ({ folder, submission: readSubmission(folder) }));
}

/** True for a method's submission. */
export function isAlgorithmSubmission(found: FoundSubmission): found is FoundSubmission<AlgorithmSubmission> {
  return found.submission.kind === "algorithm";
}

/** True for a dataset's submission. */
export function isDatasetSubmission(found: FoundSubmission): found is FoundSubmission<DatasetSubmission> {
  return found.submission.kind === "dataset";
}

/** Name and version of what a submission hands in. */
export function submittedName(submission: Submission): { readonly id: string; readonly version: string } {
  return submission.kind === "algorithm" ? submission.method : submission.dataset;
}
