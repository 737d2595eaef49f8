import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ReplacedFiles, StagedFiles } from "../../../leaderboard/site/page-files.ts";
import { filesBelow } from "../../helpers/folder-content.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

/** So many that most are written by the thread. */
const COUNT = 400;
const nameAt = (at: number) => `${at % 2 === 0 ? "even" : "odd"}/${at}.html`;
const textAt = (at: number) => `<p>${at} – π</p>\n`;

function stage(folder: string, staged: StagedFiles): void {
  for (let at = 0; at < COUNT; at++) staged.add(path.join(folder, nameAt(at)), textAt(at));
}

describe("files that are staged", () => {
  test("are all in their places after the commit, and none before", () => {
    const folder = temporaryFolder();
    const staged = new StagedFiles();
    stage(folder, staged);
    expect(existsSync(path.join(folder, nameAt(0)))).toBe(false);
    staged.commit();
    staged.discard();
    for (let at = 0; at < COUNT; at++) expect(readFileSync(path.join(folder, nameAt(at)), "utf8")).toBe(textAt(at));
    expect(readdirSync(path.join(folder, "even"))).toHaveLength(COUNT / 2);
  });

  test("are gone when they are discarded, and what was there before is left", () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "even"));
    writeFileSync(path.join(folder, nameAt(0)), "older");
    const staged = new StagedFiles();
    stage(folder, staged);
    staged.discard();
    expect(readdirSync(path.join(folder, "even"))).toEqual(["0.html"]);
    expect(readFileSync(path.join(folder, nameAt(0)), "utf8")).toBe("older");
  });

  test.each([
    ["by this thread", 3],
    ["by the other one", COUNT - 1],
  ])("that can't be written %s stop everything, with the file's name", (_, at) => {
    const folder = temporaryFolder();
    // A file where a folder should be.
    writeFileSync(path.join(folder, "blocked"), "");
    const staged = new StagedFiles();
    const error = harnessErrorOf(() => {
      for (let next = 0; next < COUNT; next++) {
        staged.add(path.join(folder, next === at ? "blocked/page.html" : nameAt(next)), textAt(next));
      }
      staged.commit();
    });
    staged.discard();
    expect(error.code).toBe("NAS_WRITE_FAILED");
    expect(error.details.where).toContain("blocked");
    expect(readdirSync(path.join(folder, "even"))).toEqual([]);
  });
});

describe("files that are replaced", () => {
  test("leave nothing beside the place of one that can't be put there", () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, nameAt(COUNT - 1), "in the way"), { recursive: true });
    const files = new ReplacedFiles();
    for (let at = 0; at < COUNT; at++) files.replace(path.join(folder, nameAt(at)), textAt(at));
    expect(harnessErrorOf(() => files.finish()).code).toBe("NAS_WRITE_FAILED");
    expect(filesBelow(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("are all in their places at the end, with nothing beside them, whatever was there before", () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "even"));
    writeFileSync(path.join(folder, nameAt(0)), "older");
    writeFileSync(path.join(folder, nameAt(COUNT - 2)), "older");
    const files = new ReplacedFiles();
    for (let at = 0; at < COUNT; at++) files.replace(path.join(folder, nameAt(at)), textAt(at));
    files.finish();
    for (let at = 0; at < COUNT; at++) expect(readFileSync(path.join(folder, nameAt(at)), "utf8")).toBe(textAt(at));
    expect(readdirSync(path.join(folder, "even"))).toHaveLength(COUNT / 2);
    expect(readdirSync(path.join(folder, "odd"))).toHaveLength(COUNT / 2);
  });

  test.each([
    ["by this thread", 3],
    ["by the other one", COUNT - 1],
  ])("that can't be written %s are named at the end at the latest; those before are in their places", (_, at) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "blocked"), "");
    const files = new ReplacedFiles();
    const error = harnessErrorOf(() => {
      for (let next = 0; next < COUNT; next++) {
        files.replace(path.join(folder, next === at ? "blocked/facts.json" : nameAt(next)), textAt(next));
      }
      files.finish();
    });
    expect(error.code).toBe("NAS_WRITE_FAILED");
    expect(error.details.where).toMatch(/blocked[/\\]facts\.json$/);
    expect(readFileSync(path.join(folder, nameAt(2)), "utf8")).toBe(textAt(2));
  });
});
