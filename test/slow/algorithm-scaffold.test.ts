import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { readManifest } from "../../core/plugins/manifest.ts";
import { builtInMethods } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { algorithmScaffold } from "../../core/scaffold/algorithm-scaffold.ts";
import { LANGUAGES, type Language } from "../../core/scaffold/languages.ts";
import { runAlgorithm } from "../../core/testing-entry.ts";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import * as validators from "../../schemas/generated/validators.cjs";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Writes a scaffold and returns its folder. */
function written(name: string, language: Language): string {
  const folder = path.join(temporaryFolder(), name);
  mkdirSync(folder);
  for (const [file, text] of algorithmScaffold(name, language, folder)) writeFileSync(path.join(folder, file), text);
  return folder;
}

/** The name that a refusal suggests, or null. */
function suggestionIn(refusal: unknown): string | null {
  if (!(refusal instanceof HarnessError)) throw refusal;
  expect(refusal).toMatchObject({ code: "NAS_USAGE", details: { allowed: expect.any(String) } });
  const { next = "" } = refusal.details;
  if (next === "choose another name") return null;
  return /^nas-harness new algorithm (.*)$/s.exec(next)?.[1] ?? expect.fail(`no suggestion: ${next}`);
}

function suggestionOf(name: string): string | null {
  return suggestionIn(harnessErrorOf(() => algorithmScaffold(name, "python", "/methods/some")));
}

describe("what is written", () => {
  test.each(LANGUAGES)("has a manifest that holds, in %s", (language) => {
    const manifest = readManifest(written("my-method", language));
    expect(manifest).toMatchObject({
      kind: "algorithm",
      name: "my-method",
      title: "My method",
      authors: ["Your Name"],
    });
  });

  test("is in TypeScript a method that loads, obeys its option and ends within its budget", async () => {
    const folder = written("my-method", "typescript");
    const manifest = readManifest(folder) as AlgorithmManifest;
    const algorithm = await loadAlgorithm({ folder, manifest });
    // Nothing is ever better than the first cell, so that each restart shows as a jump to a cell that is no neighbour.
    const run = (patience: number) => runAlgorithm(algorithm, { accuracy: () => 50, options: { patience } });
    const [patient, hasty] = [run(1000), run(1)];
    for (const { failure, trace } of [patient, hasty]) {
      expect(failure).toBeNull();
      expect(trace).toHaveLength(100);
    }
    const cells = ({ trace }: typeof patient) => new Set(trace.map(([architecture]) => architecture)).size;
    expect(cells(patient)).toBeLessThanOrEqual(25);
    expect(cells(hasty)).toBeGreaterThan(50);
  });

  test("depends on the place: a clone's own package.json serves its folders, and the README names the folder", () => {
    const files = (folder: string) => algorithmScaffold("my-method", "typescript", folder);
    expect([...files(path.join(REPOSITORY, "a/b")).keys()]).not.toContain("package.json");
    expect(JSON.parse(files("/methods/own").get("package.json") ?? "")).toEqual({ type: "module", private: true });
    expect(files("/methods/own").get("README.md")).toContain("nas-harness check ./own\n");
    expect(files("/methods/it's mine").get("README.md")).toContain("nas-harness check './it'\\''s mine'\n");
  });

  test.each(LANGUAGES)("is what formatters want: no trailing blanks, one newline at the end, in %s", (language) => {
    for (const [name, text] of algorithmScaffold("my-method", language, "/methods/some")) {
      expect({ name, text }).toEqual({ name, text: expect.not.stringMatching(/[ \t]$/m) });
      expect({ name, text }).toEqual({ name, text: expect.stringMatching(/[^\n]\n$/) });
    }
  });
});

describe("names", () => {
  const good = ["a", "7", "my-method", "x2", "2x", "a-b-c-d", "rs2", "my-rea", "rea-2", "0-0", "a".repeat(64)];
  test.each(good)("%j is one", (name) => {
    expect([...algorithmScaffold(name, "python", "/methods/some").keys()]).toContain("search.py");
  });

  test.each([
    ["My Method", "my-method"],
    ["myMethod", "my-method"],
    ["my_method", "my-method"],
    ["my--method", "my-method"],
    ["-my-method-", "my-method"],
    [" my method ", "my-method"],
    ["PC-DARTS", "pc-darts"],
    ["Évolution régulière", "evolution-reguliere"],
    ["@me/my-method", "me-my-method"],
    ["../my-method", "my-method"],
    ["my.method\n", "my-method"],
    ["a".repeat(65), "a".repeat(64)],
    [`${"a".repeat(63)}-b`, "a".repeat(63)],
    ["REA", "my-rea"],
    ["", null],
    ["-", null],
    ["..", null],
    ["進化", null],
    ["\ud800", null],
  ])("%j is none; suggested: %j", (name, suggestion) => {
    expect(suggestionOf(name)).toBe(suggestion);
  });

  test.each(builtInMethods())("%s is taken", (name) => {
    expect(suggestionOf(name)).toBe(`my-${name}`);
  });

  test("whatever the text, it is a name that the manifest takes, or what is suggested in its place is one", () => {
    const check = (name: string) => {
      const text = algorithmScaffold(name, "typescript", "/methods/some").get("plugin.json") ?? "";
      expect({ name, isValid: validators.algorithmManifest(JSON.parse(text)) }).toEqual({ name, isValid: true });
    };
    const nearNames = fc.stringMatching(/^[a-zA-Z0-9_ -]{0,70}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), nearNames), (name) => {
        try {
          check(name);
        } catch (error) {
          const suggestion = suggestionIn(error);
          if (suggestion !== null) check(suggestion);
        }
      }),
      { numRuns: 50 },
    );
  });
});
