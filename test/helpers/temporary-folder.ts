import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, onTestFinished } from "vitest";

function makeFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nas-harness-test-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Makes an empty folder for one test and removes it when that test ends. Call it inside a test. */
export function temporaryFolder(): string {
  const { folder, remove } = makeFolder();
  onTestFinished(remove);
  return folder;
}

/** Makes an empty folder for a whole file or `describe` block and removes it afterwards. Call it outside of tests. */
export function sharedTemporaryFolder(): string {
  const { folder, remove } = makeFolder();
  afterAll(remove);
  return folder;
}
