import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { recoverTable } from "../../core/tables/table-output.ts";
import { contentOf } from "../helpers/folder-content.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const gone = spawnSync(process.execPath, ["--version"]).pid;

function makeTable(folder: string, name: string, card: string): void {
  mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, name, "table.json"), card);
}

test("a table whose replacement was killed between its two renames is back in its place", () => {
  const folder = temporaryFolder();
  makeTable(folder, `mine.${gone}.old`, "old");
  makeTable(folder, `mine.${gone}.tmp`, "new");
  makeTable(folder, `mine-too.${gone}.old`, "another");
  const another = contentOf(path.join(folder, `mine-too.${gone}.old`));
  recoverTable(path.join(folder, "mine"));
  expect(readdirSync(folder).sort()).toEqual(["mine", `mine-too.${gone}.old`]);
  expect(readFileSync(path.join(folder, "mine", "table.json"), "utf8")).toBe("old");
  expect(contentOf(path.join(folder, `mine-too.${gone}.old`))).toEqual(another);
});

test("a replaced table that was not removed any more is removed, the new one stays", () => {
  const folder = temporaryFolder();
  makeTable(folder, "mine", "new");
  makeTable(folder, `mine.${gone}.old`, "old");
  const before = contentOf(path.join(folder, "mine"));
  recoverTable(path.join(folder, "mine"));
  expect(readdirSync(folder)).toEqual(["mine"]);
  expect(contentOf(path.join(folder, "mine"))).toEqual(before);
});
