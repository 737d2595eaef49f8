import { mkdirSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { markedPage } from "../../../leaderboard/site/page-files.ts";
import { PageKeys } from "../../../leaderboard/site/page-keys.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const PLACE = "methods/one.html";
const [KEY, OTHER] = ["a".repeat(64), "b".repeat(64)];
const pageWith = (key: string) => markedPage("<html>\n<p>text</p>\n</html>\n", key);

/** A site of one page whose key was kept. */
function keptSite(): { page: string; file: string; keys: () => PageKeys } {
  const output = temporaryFolder();
  const [page, file] = [path.join(output, PLACE), path.join(output, ".cache/pages.json")];
  mkdirSync(path.dirname(page));
  writeFileSync(page, pageWith(KEY));
  const keys = () => new PageKeys(output, ["methods", "tables"], file);
  keys().save(new Map([[PLACE, KEY]]));
  return { page, file, keys };
}

/** The same bytes but for these, and size and time as they were. */
function changeUnseen(page: string, text: string): void {
  const { atime, mtime } = statSync(page);
  writeFileSync(page, text);
  utimesSync(page, atime, mtime);
}

describe("keys of pages", () => {
  test("are those that were kept as long as size and time of a page are as they were", () => {
    const { page, keys } = keptSite();
    expect([keys().has(PLACE, KEY), keys().has(PLACE, OTHER)]).toEqual([true, false]);
    // A time that can be set again: the system's own is finer than a date.
    utimesSync(page, 1, 1);
    keys().save(new Map([[PLACE, KEY]]));
    changeUnseen(page, pageWith(OTHER));
    expect([keys().has(PLACE, KEY), keys().has(PLACE, OTHER)]).toEqual([true, false]);
  });

  test("are read from pages that were written since", () => {
    const { page, keys } = keptSite();
    writeFileSync(page, pageWith(OTHER));
    utimesSync(page, 1, 1);
    expect([keys().has(PLACE, KEY), keys().has(PLACE, OTHER)]).toEqual([false, true]);
  });

  test.each([
    ["was cut off", (page: string) => writeFileSync(page, pageWith(KEY).slice(0, -30))],
    ["was emptied", (page: string) => writeFileSync(page, "")],
    ["was deleted", (page: string) => unlinkSync(page)],
    [
      "is a folder now",
      (page: string) => {
        unlinkSync(page);
        mkdirSync(page);
      },
    ],
  ])("are none of a page that %s", (_, harm) => {
    const { page, keys } = keptSite();
    harm(page);
    expect(keys().has(PLACE, KEY)).toBe(false);
  });

  test.each([
    ["gone", null],
    ["empty", ""],
    ["cut off", '{"format":1,"pages":{"methods/one'],
    ["of another form", '{"format":1,"pages":null}'],
    ["of a later version", '{"format":99,"pages":{"methods/one.html":["x",1,1]}}'],
    ["not an object", "7"],
    ["without what it should say of a page", '{"format":1,"pages":{"methods/one.html":null}}'],
  ])("are read from the pages where the file that keeps them is %s", (_, text) => {
    const { file, keys } = keptSite();
    if (text === null) unlinkSync(file);
    else writeFileSync(file, text);
    const now = keys();
    expect([now.has(PLACE, KEY), now.has("tables/none.html", KEY)]).toEqual([true, false]);
    now.save(new Map());
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")).pages)).toEqual([PLACE]);
  });

  test("of pages that no build asked for are forgotten, and a file that would hold the same is left as it is", () => {
    const { file, keys } = keptSite();
    utimesSync(file, 1, 1);
    const same = keys();
    same.has(PLACE, KEY);
    same.save(new Map());
    expect(statSync(file).mtimeMs).toBe(1000);
    keys().save(new Map());
    expect(JSON.parse(readFileSync(file, "utf8")).pages).toEqual({});
  });
});
