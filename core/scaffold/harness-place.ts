import { existsSync, realpathSync } from "node:fs";
import path from "node:path";

/** Name of the file that says how Node reads the modules of a folder. */
export const PACKAGE_NAME = "package.json";

/** For a folder that is no part of another package: without it Node has to guess what its entry is, and warns. */
export const PACKAGE = `${JSON.stringify({ type: "module", private: true }, null, 2)}\n`;

const HARNESS_FOLDER = path.join(import.meta.dirname, "../..");

/**
 * Whether a folder is part of the harness's own package, as one in a clone is. There a package.json of its own would hide
 * "nas-harness", which the clone is. The folder need not exist.
 */
export function isInHarness(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, PACKAGE_NAME))) return realpathSync(at) === HARNESS_FOLDER;
    if (at === path.dirname(at)) return false;
  }
}
