import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { writeFailure, writeFileAtomic } from "../../core/files/atomic-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("writes text and bytes, makes missing folders and leaves nothing beside", () => {
  const folder = temporaryFolder();
  const file = path.join(folder, "a", "b", "c.txt");
  for (const content of ["größe 😀\n", Uint8Array.of(0, 255, 10), ""]) {
    writeFileAtomic(file, content);
    expect(Buffer.compare(readFileSync(file), Buffer.from(content as string))).toBe(0);
    expect(readdirSync(path.dirname(file))).toEqual(["c.txt"]);
  }
});

test("writes more than one system call takes", () => {
  const file = path.join(temporaryFolder(), "large");
  const bytes = new Uint8Array(20_000_000).map((_, at) => at);
  writeFileAtomic(file, bytes);
  expect(Buffer.compare(readFileSync(file), bytes)).toBe(0);
});

test("a symbolic link in the target's place is replaced, what it pointed to stays", () => {
  const folder = temporaryFolder();
  const other = path.join(folder, "other");
  const link = path.join(folder, "link");
  writeFileSync(other, "before");
  symlinkSync(other, link);
  writeFileAtomic(link, "after");
  expect([readFileSync(other, "utf8"), readFileSync(link, "utf8")]).toEqual(["before", "after"]);
});

describe("a write that fails", () => {
  test("whose folder can't be made names the file and the reason", () => {
    const folder = temporaryFolder();
    const inTheWay = path.join(folder, "results");
    writeFileSync(inTheWay, "a file");
    for (const file of [path.join(inTheWay, "a.json"), path.join(inTheWay, "deeper", "a.json")]) {
      const error = harnessErrorOf(() => writeFileAtomic(file, "{}"));
      expect(error.code).toBe("NAS_WRITE_FAILED");
      expect(error.exitCode).toBe(4);
      expect(error.details.where).toBe(file);
      expect(error.details.what).toMatch(/^writing failed: ./);
      expect(error.details.next).toContain("run the command again");
    }
    expect(readFileSync(inTheWay, "utf8")).toBe("a file");
    expect(readdirSync(folder)).toEqual(["results"]);
  });

  test("whose name is too long leaves nothing", () => {
    const folder = temporaryFolder();
    const error = harnessErrorOf(() => writeFileAtomic(path.join(folder, "x".repeat(300)), "{}"));
    expect(error.code).toBe("NAS_WRITE_FAILED");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("because a folder is in the target's place leaves it as it is", () => {
    const folder = temporaryFolder();
    const target = path.join(folder, "summary.json");
    mkdirSync(target);
    writeFileSync(path.join(target, "kept"), "kept");
    expect(harnessErrorOf(() => writeFileAtomic(target, "{}")).code).toBe("NAS_WRITE_FAILED");
    expect(readdirSync(folder)).toEqual(["summary.json"]);
    expect(readFileSync(path.join(target, "kept"), "utf8")).toBe("kept");
  });

  test("because the temporary file can't be made leaves the old file", () => {
    const folder = temporaryFolder();
    const target = path.join(folder, "summary.json");
    writeFileSync(target, "old");
    mkdirSync(path.join(folder, `summary.json.${process.pid}.tmp`, "full"), { recursive: true });
    expect(harnessErrorOf(() => writeFileAtomic(target, "new")).code).toBe("NAS_WRITE_FAILED");
    expect(readFileSync(target, "utf8")).toBe("old");
  });

  test.skipIf(!existsSync("/dev/full"))(
    `on a full disk says so${existsSync("/dev/full") ? "" : " (needs /dev/full)"}`,
    () => {
      const folder = temporaryFolder();
      const target = path.join(folder, "summary.json");
      writeFileSync(target, "old");
      // Every write to this device fails as on a full disk; it stands where the temporary file is opened.
      symlinkSync("/dev/full", path.join(folder, `summary.json.${process.pid}.tmp`));
      const error = harnessErrorOf(() => writeFileAtomic(target, "new"));
      expect(error.code).toBe("NAS_WRITE_FAILED");
      expect(error.details.what).toBe("writing failed: the disk is full");
      expect(readFileSync(target, "utf8")).toBe("old");
      expect(readdirSync(folder)).toEqual(["summary.json"]);
    },
  );
});

test.each([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EROFS", "the file system is read-only"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EIO", "EIO: odd"],
])("%s is told in words", (code, words) => {
  const cause = Object.assign(new Error(`${code}: odd`), { code });
  expect(writeFailure("results/a.json", cause).details).toMatchObject({
    what: `writing failed: ${words}`,
    where: "results/a.json",
  });
});
