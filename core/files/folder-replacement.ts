import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { syncFolder, writeFailure } from "./atomic-file.ts";

/**
 * A folder that is written beside its place, so that it is there whole or not at all: write into `beside`, then `commit`, or
 * throw what `abandon` returns. What was there is kept until then; what a killed process leaves of a table is put right by
 * `recoverTable`.
 */
export class FolderReplacement {
  /** Where to write; it does not exist yet. */
  readonly beside: string;
  readonly #folder: string;
  readonly #replaced: string;

  /** @throws NAS_OUTPUT_EXISTS unless `overwrite`, NAS_WRITE_FAILED */
  constructor(folder: string, overwrite: boolean) {
    this.#folder = folder;
    this.beside = `${folder}.${process.pid}.tmp`;
    this.#replaced = `${folder}.${process.pid}.old`;
    if (existsSync(folder) && !overwrite) {
      throw new HarnessError("NAS_OUTPUT_EXISTS", {
        what: "the folder exists already",
        where: folder,
        next: "name another --output, or add --overwrite to replace the table",
      });
    }
    try {
      rmSync(this.beside, { recursive: true, force: true });
    } catch (cause) {
      throw writeFailure(folder, cause);
    }
  }

  /** Puts what was written in its place. @throws the system's error; then call {@link abandon} */
  commit(): void {
    if (existsSync(this.#folder)) renameSync(this.#folder, this.#replaced);
    renameSync(this.beside, this.#folder);
    syncFolder(path.dirname(path.resolve(this.#folder)));
    rmSync(this.#replaced, { recursive: true, force: true });
  }

  /** Removes what was written, puts the folder back as it was, and returns the error to throw: NAS_WRITE_FAILED for the system's. */
  abandon(cause: unknown): unknown {
    rmSync(this.beside, { recursive: true, force: true });
    if (existsSync(this.#replaced) && !existsSync(this.#folder)) renameSync(this.#replaced, this.#folder);
    return cause instanceof HarnessError ? cause : writeFailure(this.#folder, cause);
  }
}

/**
 * Writes a folder beside and puts it in its place.
 * @param fill writes everything into the folder that it is given, each file synced
 * @returns what `fill` returned
 * @throws NAS_OUTPUT_EXISTS unless `overwrite`, NAS_WRITE_FAILED, and HarnessErrors of `fill`
 */
export function replaceFolder<Result>(folder: string, overwrite: boolean, fill: (beside: string) => Result): Result {
  const output = new FolderReplacement(folder, overwrite);
  try {
    const result = fill(output.beside);
    output.commit();
    return result;
  } catch (cause) {
    throw output.abandon(cause);
  }
}
