import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Path of a program that can be called by its name, or null if there is none. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
