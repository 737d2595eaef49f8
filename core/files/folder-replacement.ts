import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { syncFolder, writeFailure } from "./atomic-file.ts";

/**
 * Writes a folder beside and renames it into place, so that it is there whole or not at all; what was there is kept until
 * then.
 * @param fill writes everything into the folder that it is given, each file synced
 * @returns what `fill` returned
 * @throws NAS_WRITE_FAILED, and HarnessErrors of `fill`
 */
export function replaceFolder<Result>(folder: string, fill: (beside: string) => Result): Result {
  const beside = `${folder}.${process.pid}.tmp`;
  const replaced = `${folder}.${process.pid}.old`;
  try {
    rmSync(beside, { recursive: true, force: true });
    const result = fill(beside);
    if (existsSync(folder)) renameSync(folder, replaced);
    renameSync(beside, folder);
    syncFolder(path.dirname(path.resolve(folder)));
    rmSync(replaced, { recursive: true, force: true });
    return result;
  } catch (cause) {
    rmSync(beside, { recursive: true, force: true });
    if (existsSync(replaced) && !existsSync(folder)) renameSync(replaced, folder);
    throw cause instanceof HarnessError ? cause : writeFailure(folder, cause);
  }
}
