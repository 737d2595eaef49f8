import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** Writes files and the list of their checksums, as `dataset fetch` leaves them, into a folder that is gone after the test. */
export function recordedFolder(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = temporaryFolder();
  const checksums: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), content);
    checksums[name] = createHash("sha256").update(content).digest("hex");
  }
  writeFileSync(path.join(folder, "checksums.json"), JSON.stringify(checksums));
  return folder;
}
