import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { removeLeftovers } from "../../core/files/leftovers.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("what a process that is gone left beside the named files is removed, and nothing else", () => {
  const folder = temporaryFolder();
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  const kept = [
    `mine.json.${process.pid}.tmp`,
    `other.json.${gone}.tmp`,
    `run.json.${gone}.bak`,
    "run.json",
    "run.json.tmp",
  ];
  const removed = [`run.json.${gone}.tmp`, `run.json.${gone}.stale`];
  for (const name of [...kept, ...removed]) writeFileSync(path.join(folder, name), name);
  mkdirSync(path.join(folder, `table.${gone}.old`, "digits"), { recursive: true });
  removeLeftovers(folder, ["run.json", "mine.json", "table"]);
  expect(readdirSync(folder).sort()).toEqual(kept.sort());
});
