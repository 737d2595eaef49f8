import { readdirSync } from "node:fs";
import path from "node:path";

/** Something below a folder that is no folder itself. */
export interface FolderEntry {
  /** Path relative to the folder, its parts joined by slashes on every system. */
  readonly place: string;
  readonly kind: "file" | "link" | "other";
}

/**
 * Everything below a folder but folders, in order of their paths. Links are entries and are not followed: Node's own
 * recursive reading would follow them, out of the folder and in circles.
 */
export function walkFolder(folder: string): FolderEntry[] {
  const walk = (below: string): FolderEntry[] =>
    readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
      const place = path.posix.join(below, entry.name);
      if (entry.isDirectory()) return walk(place);
      return [{ place, kind: entry.isSymbolicLink() ? "link" : entry.isFile() ? "file" : "other" }];
    });
  return walk("").sort((a, b) => (a.place < b.place ? -1 : 1));
}
