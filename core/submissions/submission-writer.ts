import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { type FileContent, makeFolder, syncFolder, writeFailure, writeFileSynced } from "../files/atomic-file.ts";

/**
 * Demands that a submission's folder may be written.
 * @throws NAS_OUTPUT_EXISTS
 */
export function requireFreeSubmission(folder: string, overwrite: boolean): void {
  if (overwrite || !existsSync(folder)) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "this version was handed in already",
    where: folder,
    next: "raise the version in plugin.json, or add --overwrite if this submission is not merged yet",
  });
}

/**
 * Writes a submission's folder, all of it or nothing: beside, synced and renamed.
 * @throws NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED
 */
export function writeSubmission(folder: string, files: ReadonlyMap<string, FileContent>, overwrite: boolean): void {
  requireFreeSubmission(folder, overwrite);
  const parent = path.dirname(folder);
  makeFolder(parent);
  const beside = path.join(parent, `.${path.basename(folder)}.${process.pid}.partial`);
  try {
    rmSync(beside, { recursive: true, force: true });
    for (const [place, content] of files) {
      const file = path.join(beside, place);
      makeFolder(path.dirname(file));
      writeFileSynced(file, content);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
    syncFolder(parent);
  } catch (cause) {
    rmSync(beside, { recursive: true, force: true });
    throw cause instanceof HarnessError ? cause : writeFailure(folder, cause);
  }
}
