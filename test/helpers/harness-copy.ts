import { cpSync, symlinkSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "./shared-data.ts";

const FOLDERS = ["core", "leaderboard", "plugins", "protocols", "schemas", "package.json"];

/**
 * Copies what runs of this repository into an empty folder, so that a test may damage it. Installed packages are shared.
 * @returns path of the file that starts the copy's command line
 */
export function copyHarness(folder: string): string {
  for (const name of FOLDERS) cpSync(path.join(REPOSITORY, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
  return path.join(folder, "core/cli/bin.js");
}
