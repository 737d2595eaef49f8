import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ERROR_CATALOGUE, type ErrorCode, exitCodeOf } from "../../core/errors/catalogue.ts";
import { renderErrorPage } from "../../core/errors/error-page.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";

const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];

/** Text of every source below a folder of the repository, without generated ones. */
function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|js|cjs|grit)$/.test(file) && !file.includes("node_modules"))
    .map((file) => ({
      file: path.join(folder, file),
      text: readFileSync(path.join(REPOSITORY, folder, file), "utf8"),
    }));
}

describe.each(CODES)("%s", (code) => {
  test("has a meaning, an exit code and a name of its form", () => {
    expect(code).toMatch(/^NAS(_[A-Z]+)+$/);
    expect(ERROR_CATALOGUE[code].meaning).toMatch(/^[A-Z].*\.$/);
    expect([1, 2, 3, 4]).toContain(exitCodeOf(code));
    expect(new HarnessError(code, { what: "it failed" }).exitCode).toBe(ERROR_CATALOGUE[code].exit);
  });
});

test("no two codes mean the same", () => {
  expect(new Set(CODES.map((code) => ERROR_CATALOGUE[code].meaning)).size).toBe(CODES.length);
});

test("every code is thrown by something", () => {
  const text = ["core", "leaderboard"]
    .flatMap(sources)
    .filter(({ file }) => file !== path.join("core", "errors", "catalogue.ts"));
  expect(CODES.filter((code) => !text.some((source) => source.text.includes(code)))).toEqual([]);
});

test("every code that a source names is in the catalogue", () => {
  const named = ["core", "leaderboard", "plugins", "test"]
    .flatMap(sources)
    .flatMap(({ file, text }) =>
      [...text.matchAll(/(?<![\w$])["`](NAS_[A-Z_]+)["`:]/g)].map((match) => ({ file, code: match[1] })),
    )
    .filter(({ code }) => !["NAS_HARNESS_TABLES", "NAS_HARNESS_DEBUG"].includes(code as string));
  expect(named.length).toBeGreaterThan(CODES.length);
  expect(named.filter(({ code }) => !(CODES as string[]).includes(code as string))).toEqual([]);
});

test("every code has a test", () => {
  const tests = sources("test").filter(({ file }) => !file.startsWith(path.join("test", "errors")));
  const untested = CODES.filter((code) => !tests.some(({ text }) => text.includes(code)));
  expect(untested, "codes that no test names").toEqual([]);
});

test("docs/errors.md is current (npm run generate makes it again)", () => {
  const page = readFileSync(path.join(REPOSITORY, "docs/errors.md"), "utf8");
  expect(page === renderErrorPage(), "docs/errors.md is stale. Run: npm run generate").toBe(true);
  for (const code of CODES) expect(page).toContain(`\`${code}\``);
});
