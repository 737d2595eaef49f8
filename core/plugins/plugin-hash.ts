import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { walkFolder } from "../files/folder-walk.ts";

/** What installing and running leave behind: no part of a plugin. */
const LEFT_BEHIND = ["node_modules", "__pycache__"];

/**
 * SHA-256 over the names and bytes of a plugin's files in order of their paths; dot files and what is installed apart. A link
 * counts with what it says, not with what it leads to.
 */
export function pluginHash(folder: string): string {
  const hash = createHash("sha256");
  const entries = walkFolder(folder)
    .map(({ place, kind }) => ({ kind, name: place.replaceAll(path.sep, "/") }))
    .filter(({ name }) => !name.split("/").some((part) => LEFT_BEHIND.includes(part) || part.startsWith(".")))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { kind, name } of entries) {
    const file = path.join(folder, name);
    if (kind === "other") continue;
    const bytes = kind === "file" ? readFileSync(file) : Buffer.from(`link to ${readlinkSync(file)}`, "utf8");
    hash.update(`${name.length}:${name}:${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
