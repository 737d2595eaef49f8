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
  const entries = walkFolder(folder).filter(
    ({ kind, place }) =>
      kind !== "other" && !place.split("/").some((part) => LEFT_BEHIND.includes(part) || part.startsWith(".")),
  );
  for (const { kind, place } of entries) {
    const file = path.join(folder, place);
    const bytes = kind === "file" ? readFileSync(file) : Buffer.from(`link to ${readlinkSync(file)}`, "utf8");
    hash.update(`${place.length}:${place}:${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
