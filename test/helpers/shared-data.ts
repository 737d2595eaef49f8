import { existsSync } from "node:fs";
import path from "node:path";

/** Root of the repository. */
export const REPOSITORY = path.join(import.meta.dirname, "../..");

const FOLDER = path.join(REPOSITORY, "../shared/data");

/** True where the real data lies beside the repository. */
export const hasSharedData: boolean = existsSync(FOLDER);

/** Path of a file of the real data, e.g. `sharedData("nb201.csv.gz")`. */
export function sharedData(...parts: string[]): string {
  return path.join(FOLDER, ...parts);
}

/**
 * A title that says why a block is skipped, for use with `describe.skipIf(!hasSharedData)` or `test.skipIf`:
 *
 *     describe.skipIf(!hasSharedData)(needsSharedData("parity with the published table"), () => { … });
 */
export function needsSharedData(title: string): string {
  return hasSharedData ? title : `${title} (needs ../shared/data, not found)`;
}
