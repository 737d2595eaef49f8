import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { removeLeftovers } from "../files/leftovers.ts";
import { INPUTS_NAME } from "./session-inputs.ts";

const RESULT_FILES = [
  "records.jsonl",
  "records.partial.jsonl",
  "measured.jsonl",
  "revealed.jsonl",
  "summary.json",
  INPUTS_NAME,
];

/** Folder of the checkpoints of runs that train, inside a method's results. */
export const CHECKPOINTS_NAME = "checkpoints";

/** Where a method's results are: `<output>/<protocol>/<method>`. */
export function methodFolder(output: string, protocol: string, method: string): string {
  return path.join(output, protocol, method);
}

/**
 * Removes a method's results and nothing else.
 * @param kept names of files that stay
 */
export function removeResults(folder: string, kept: readonly string[] = []): void {
  for (const name of RESULT_FILES) if (!kept.includes(name)) rmSync(path.join(folder, name), { force: true });
  rmSync(path.join(folder, CHECKPOINTS_NAME), { recursive: true, force: true });
}

/** Removes what killed processes left beside a method's results. Only for a holder of the folder's lock. @throws NAS_WRITE_FAILED */
export function removeResultLeftovers(folder: string): void {
  removeLeftovers(folder, [...RESULT_FILES, ".lock"]);
}

/**
 * The method folders below an output folder, in order of protocol and method.
 * @throws NAS_FILE_NOT_FOUND if the output folder does not exist
 */
export function findMethodFolders(output: string): string[] {
  if (!existsSync(output)) {
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: "there is no such results folder",
      where: output,
      next: "run methods first: nas-harness run --help",
    });
  }
  const foldersIn = (folder: string) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(folder, entry.name))
      .sort();
  return foldersIn(output)
    .flatMap(foldersIn)
    .filter((folder) => existsSync(path.join(folder, INPUTS_NAME)));
}
