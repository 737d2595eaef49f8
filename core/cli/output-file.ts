import { existsSync } from "node:fs";
import { HarnessError } from "../errors/harness-error.ts";

/**
 * Demands that a file may be written there. Asked before anything that takes long.
 * @param extension what its name must end in
 * @param flag which names it
 * @throws NAS_USAGE if the name ends in something else, NAS_OUTPUT_EXISTS
 */
export function requireNewFile(file: string, extension: string, flag: string): void {
  if (!file.endsWith(extension)) {
    throw new HarnessError("NAS_USAGE", {
      what: `this is written as ${extension}, not as "${file}"`,
      where: flag,
      allowed: `a file name that ends in ${extension}`,
      next: "correct the name",
    });
  }
  if (!existsSync(file)) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the file exists",
    where: file,
    next: "name another file, or remove this one",
  });
}
