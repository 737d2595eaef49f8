import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { type FolderEntry, walkFolder } from "../files/folder-walk.ts";

/** What installing and running leave behind: no part of a plugin. */
const LEFT_BEHIND = ["node_modules", "__pycache__"];

/** The files and links that make up a plugin, in order of their paths: dot files and what is installed are no part of it. */
export function pluginEntries(folder: string): FolderEntry[] {
  return walkFolder(folder).filter(
    ({ kind, place }) =>
      kind !== "other" && !place.split("/").some((part) => LEFT_BEHIND.includes(part) || part.startsWith(".")),
  );
}

/**
 * SHA-256 over the names and bytes of a plugin's files in order of their paths; dot files and what is installed apart. A link
 * counts with what it says, not with what it leads to.
 * @param isPart which of them; all unless given
 */
export function pluginHash(folder: string, isPart: (place: string) => boolean = () => true): string {
  const hash = createHash("sha256");
  for (const { kind, place } of pluginEntries(folder).filter((entry) => isPart(entry.place))) {
    const file = path.join(folder, place);
    const bytes = kind === "file" ? readFileSync(file) : Buffer.from(`link to ${readlinkSync(file)}`, "utf8");
    hash.update(`${place.length}:${place}:${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
