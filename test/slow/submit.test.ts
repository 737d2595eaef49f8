import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Runs `submit` in an empty folder with a plugin in it. */
async function submit(words: readonly string[], manifest = algorithmManifest()) {
  const cwd = temporaryFolder();
  writePlugin(path.join(cwd, "made-up"), manifest);
  const result = await runCommandLine(["submit", ...words], { cwd, env: { NAS_HARNESS_TABLES: "" } });
  return { ...result, cwd };
}

test("--help tells the whole way", async () => {
  const { exitCode, stdout } = await submit(["--help"]);
  expect(exitCode).toBe(0);
  for (const part of ["--protocol", "--submissions", "--results", "--overwrite", "docs/guides/submit.md", "verify"]) {
    expect(stdout).toContain(part);
  }
});

describe("what can't be submitted", () => {
  test("runs under a protocol whose table does not ship, and it says what to do instead", async () => {
    const { exitCode, stdout, stderr, cwd } = await submit(["./made-up", "--protocol", "nas-bench-201", "--json"]);
    expect(exitCode).toBe(2);
    const { code, what, allowed, next } = JSON.parse(stdout).error;
    expect(code).toBe("NAS_SUBMISSION");
    expect(what).toBe(
      "the table of protocol nas-bench-201 does not come with nas-harness, so nobody else could verify runs on it",
    );
    expect(allowed).toMatch(/brings its table/);
    expect(next).toContain("nas-harness run and leaderboard");
    expect(stderr).toContain("NAS_SUBMISSION: ");
    expect(readdirSync(cwd)).toEqual(["made-up"]);
  });

  test.each<[string, readonly string[], string, RegExp]>([
    ["a plugin that is not there", ["./gone"], "NAS_PLUGIN_NOT_FOUND", /gone/],
    ["a variant that is not there", ["./made-up#large"], "NAS_PLUGIN_NOT_FOUND", /large/],
    [
      "a method's table address",
      ["./made-up", "--table-url", "https://example.org/"],
      "NAS_USAGE",
      /--table-url is for datasets/,
    ],
    [
      "a protocol that is not there",
      ["./made-up", "--protocol", "./gone.json"],
      "NAS_PROTOCOL_NOT_FOUND",
      /gone\.json/,
    ],
    ["no isolation", ["./made-up", "--isolation", "none"], "NAS_USAGE", /auto, strict, process/],
    ["nothing", [], "NAS_USAGE", /plugin/],
  ])("%s", async (_, words, code, shown) => {
    const { exitCode, stderr, cwd } = await submit(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(code);
    expect(stderr).toMatch(shown);
    expect(existsSync(path.join(cwd, "leaderboard"))).toBe(false);
  });
});
