import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { formatError } from "../../core/errors/harness-error.ts";
import type { LockName } from "../../core/plugins/lock-fault.ts";
import { MOST_LOCK_BYTES, readLockFile } from "../../core/plugins/lock-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const HASH = `--hash=sha256:${"a".repeat(64)}`;
const LOCK = JSON.stringify({ lockfileVersion: 3, packages: { "": {} } });

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** The faults that reading a lock file lists, after its path. */
function faultsOf(folder: string, name: LockName): string[] {
  const error = harnessErrorOf(() => readLockFile(folder, name));
  expect(error.code).toBe("NAS_LOCK_FILE");
  expect(error.exitCode).toBe(2);
  const [file, ...faults] = (error.details.where ?? "").split("\n");
  expect(file).toBe(path.join(folder, name));
  return faults.map((fault) => fault.replace(/^- /, ""));
}

test("a good requirements.txt gives its packages", () => {
  const folder = folderOf({ "requirements.txt": `a==1 ${HASH}\n` });
  const packages = [{ name: "a", version: "1", marker: "", hashes: ["a".repeat(64)] }];
  expect(readLockFile(folder, "requirements.txt")).toEqual({ name: "requirements.txt", packages });
});

test("a good package-lock.json gives its packages", () => {
  const folder = folderOf({ "package-lock.json": LOCK, "package.json": "{}" });
  expect(readLockFile(folder, "package-lock.json")).toEqual({
    ...{ name: "package-lock.json", manifest: {}, packages: new Map() },
  });
});

test("all faults are told at once, with what is allowed and how to write such a file", () => {
  const folder = folderOf({ "requirements.txt": "a==1\n-e .\nb\n" });
  const { details } = harnessErrorOf(() => readLockFile(folder, "requirements.txt"));
  expect(details.what).toBe("requirements.txt has 3 faults");
  expect(details.allowed).toContain("exact version");
  expect(details.next).toContain("pip-compile --generate-hashes");
  expect(faultsOf(folder, "requirements.txt")).toHaveLength(3);
});

test("of thousands of faults a hundred are named and the rest are counted", () => {
  const folder = folderOf({ "requirements.txt": "a==1\n".repeat(5000) });
  const faults = faultsOf(folder, "requirements.txt");
  expect(faults).toHaveLength(101);
  expect(faults.at(-1)).toBe("and 4900 more");
});

describe("a file", () => {
  test("that is not there", () => {
    expect(faultsOf(folderOf({}), "requirements.txt")).toEqual(["there is no file requirements.txt"]);
    expect(faultsOf(folderOf({ "package-lock.json": LOCK }), "package-lock.json")).toEqual([
      "there is no file package.json",
    ]);
  });

  test("that is a folder or a link", () => {
    const folder = folderOf({ "other.json": "{}", "package-lock.json": LOCK });
    mkdirSync(path.join(folder, "requirements.txt"));
    symlinkSync("other.json", path.join(folder, "package.json"));
    expect(faultsOf(folder, "requirements.txt")).toEqual(["requirements.txt is no plain file"]);
    expect(faultsOf(folder, "package-lock.json")).toEqual(["package.json is no plain file"]);
  });

  test("of ten megabytes is not read", () => {
    const huge = `${" ".repeat(10_000_000)}{`;
    const folder = folderOf({ "package-lock.json": huge, "package.json": huge, "requirements.txt": huge });
    const fault = (name: string) => `${name} has 10000001 bytes; ${MOST_LOCK_BYTES} are allowed`;
    expect(faultsOf(folder, "requirements.txt")).toEqual([fault("requirements.txt")]);
    expect(faultsOf(folder, "package-lock.json")).toEqual([fault("package-lock.json"), fault("package.json")]);
  });

  test.each(["{", "", "\0", "[".repeat(1_000_000)])("that is no JSON", (text) => {
    const folder = folderOf({ "package-lock.json": text, "package.json": "{}" });
    const error = harnessErrorOf(() => readLockFile(folder, "package-lock.json"));
    expect(error.code).toBe("NAS_JSON");
    expect(formatError(error)).toContain("package-lock.json:1:");
  });

  test("with bytes that are no text", () => {
    const folder = folderOf({});
    writeFileSync(path.join(folder, "requirements.txt"), Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x1b, 0x5b]));
    const error = harnessErrorOf(() => readLockFile(folder, "requirements.txt"));
    expect(error.code).toBe("NAS_LOCK_FILE");
    expect(formatError(error).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});
