import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { copyPluginFiles, listPluginFiles, MOST_FILES } from "../../core/submissions/plugin-files.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A folder with empty files. */
function folderOf(...places: string[]): string {
  const folder = temporaryFolder();
  for (const place of places) {
    mkdirSync(path.dirname(path.join(folder, place)), { recursive: true });
    writeFileSync(path.join(folder, place), "");
  }
  return folder;
}

const refusalOf = (folder: string) => harnessErrorOf(() => listPluginFiles(folder));

describe("the files that are handed in", () => {
  test("are listed with size and hash in order of their paths", () => {
    const folder = folderOf("b.ts", "a/z.ts", "a/b/c.json");
    writeFileSync(path.join(folder, "b.ts"), "üb");
    expect(listPluginFiles(folder).map(({ path: place }) => place)).toEqual(["a/b/c.json", "a/z.ts", "b.ts"]);
    expect(listPluginFiles(folder)[2]).toEqual({
      ...{ path: "b.ts", bytes: 3 },
      sha256: createHash("sha256").update("üb", "utf8").digest("hex"),
    });
  });

  test("dot files and what is installed are none of them", () => {
    const folder = folderOf("index.ts", ".env", ".git/config", "node_modules/a/index.js", "lib/__pycache__/a.pyc");
    expect(listPluginFiles(folder).map(({ path: place }) => place)).toEqual(["index.ts"]);
  });

  test("some of them may be left out", () => {
    const folder = folderOf("index.ts", "table/table.json");
    const listed = listPluginFiles(folder, (place) => !place.startsWith("table/"));
    expect(listed.map(({ path: place }) => place)).toEqual(["index.ts"]);
  });

  test("links are refused and named, to folders and to nothing too", () => {
    for (const target of ["/etc/hostname", "..", "nowhere"]) {
      const folder = folderOf("index.ts");
      symlinkSync(target, path.join(folder, "link"));
      const error = refusalOf(folder);
      expect([error.code, error.details.what]).toEqual(["NAS_SUBMISSION", "a link can't be handed in"]);
      expect(error.details.where).toBe(path.join(folder, "link"));
    }
  });

  test.each([
    "a b.ts",
    "ü.ts",
    "a\\b.ts",
    "a:b",
    "a\nb",
    "a'b",
    "$(a)",
    "a/b c/d.ts",
    `${"a".repeat(151)}/${"b".repeat(150)}`,
  ])("the name %j is refused", (name) => {
    const error = refusalOf(folderOf(name));
    expect([error.code, error.details.what]).toEqual([
      "NAS_SUBMISSION",
      "the file's name is none that every system takes",
    ]);
  });

  test.each(["a-b_c.d+e@f.ts", "A/B/c.TS", "-a", `${"a".repeat(150)}/${"b".repeat(149)}`])(
    "the name %s is taken",
    (name) => {
      expect(listPluginFiles(folderOf(name))).toHaveLength(1);
    },
  );

  test("too many and too large ones are refused", () => {
    const many = folderOf(...Array.from({ length: MOST_FILES + 1 }, (_, at) => `${at}`));
    expect(refusalOf(many).details).toMatchObject({ what: "the plugin has 2001 files", allowed: "2000 at most" });
    const large = folderOf("a", "b");
    truncateSync(path.join(large, "a"), 2 ** 26);
    expect(listPluginFiles(large)).toHaveLength(2);
    truncateSync(path.join(large, "b"), 1);
    expect(refusalOf(large).details).toMatchObject({
      what: "the plugin has 67108865 bytes",
      allowed: "67108864 at most",
    });
  });
});

test("only the files that are listed are copied", () => {
  const folder = folderOf("index.ts", "lib/a.ts", "node_modules/a/index.js", ".env");
  const to = path.join(temporaryFolder(), "copy");
  copyPluginFiles(folder, to, listPluginFiles(folder));
  expect(readdirSync(to, { recursive: true, encoding: "utf8" }).sort()).toEqual([
    "index.ts",
    "lib",
    path.join("lib", "a.ts"),
  ]);
  const error = harnessErrorOf(() => copyPluginFiles(folder, to, [{ path: "gone.ts" }]));
  expect(error.code).toBe("NAS_WRITE_FAILED");
});
