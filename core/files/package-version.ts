import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The version of the running package. */
export function harnessVersion(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  }
}
