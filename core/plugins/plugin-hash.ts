import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What installing and running leave behind: no part of a plugin. */
const LEFT_BEHIND = ["node_modules", "__pycache__"];

/** SHA-256 over the names and bytes of a plugin's files in order of their paths; dot files and what is installed apart. */
export function pluginHash(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .filter((file) => !file.split("/").some((part) => LEFT_BEHIND.includes(part) || part.startsWith(".")))
    .sort();
  for (const file of files) {
    const bytes = readFileSync(path.join(folder, file));
    hash.update(`${file.length}:${file}:${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
