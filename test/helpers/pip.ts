import { spawnSync } from "node:child_process";

/** True where python3 has pip. */
export const hasPip: boolean = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;

/** A title that says why a block is skipped, for `describe.skipIf(!hasPip)`. */
export function needsPip(title: string): string {
  return hasPip ? title : `${title} (needs python3 with pip, Debian's python3-pip, not found)`;
}
