import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A page of a tmpfs, which hands out space by pages. */
export const PAGE_BYTES = 4096;

/** Paths of all files below a folder, relative to it, sorted; dot files too. None if there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort();
}

/** SHA-256 of each file below a folder, by relative path: equal where two folders hold the same. */
export function contentOf(folder: string): Record<string, string> {
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(path.join(folder, name)))
      .digest("hex");
  return Object.fromEntries(filesBelow(folder).map((name) => [name, hash(name)]));
}

/** Bytes that the files below a folder take on a tmpfs. */
export function occupiedBytes(folder: string): number {
  return filesBelow(folder).reduce((sum, name) => {
    return sum + Math.ceil(statSync(path.join(folder, name)).size / PAGE_BYTES) * PAGE_BYTES;
  }, 0);
}
