import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { syncFolder, writeFailure } from "../files/atomic-file.ts";
import { digestsOfFile } from "./file-digest.ts";
import type { UnpackedFile } from "./unpacking.ts";

/** Refuses to replace a file of other content. @throws NAS_OUTPUT_EXISTS */
async function refuseToReplace({ name, sha256 }: UnpackedFile, folder: string, signal: AbortSignal): Promise<void> {
  const file = path.join(folder, name);
  if (!existsSync(file) || (await digestsOfFile(file, signal)).sha256 === sha256) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "a file of that name is there already, and it is not the one in the archive; nothing was overwritten",
    where: file,
    next: "delete the file, or move it elsewhere, and run the command again",
  });
}

/**
 * Puts unpacked files in their places: all of them, or none where something else is in the way.
 * @throws NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED, the signal's reason; what lay beside the places is gone then
 */
export async function placeUnpacked(
  unpacked: readonly UnpackedFile[],
  folder: string,
  signal: AbortSignal,
): Promise<{ name: string; sha256: string }[]> {
  try {
    for (const file of unpacked) await refuseToReplace(file, folder, signal);
    for (const { name, beside } of unpacked) {
      try {
        renameSync(beside, path.join(folder, name));
      } catch (cause) {
        throw writeFailure(path.join(folder, name), cause);
      }
    }
    syncFolder(folder);
  } finally {
    for (const { beside } of unpacked) rmSync(beside, { force: true });
  }
  return unpacked.map(({ name, sha256 }) => ({ name, sha256 }));
}
