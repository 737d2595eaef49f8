import path from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKS } from "../../core/conformance/checks.ts";
import { checkConformance, conformanceChecks, subjectOf } from "../../core/conformance/conformance.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { hasPython, needsPython } from "../helpers/python-client.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const NAMES = CHECKS.map(({ name }) => name);

/** Makes all checks of a method, and demands that they are told as they are made. */
async function outcomesOf(method: string): Promise<[name: string, outcome: string, reasons: readonly string[]][]> {
  const told: string[] = [];
  const results = await checkConformance(subjectOf(method), ({ name }) => told.push(name));
  expect(told).toEqual(NAMES);
  return results.map(({ name, outcome, reasons }) => [name, outcome, reasons]);
}

test.each(["rs", "rea", "reinforce", "bohb"])("the built-in method %s passes all checks", async (method) => {
  expect(await outcomesOf(method)).toEqual(NAMES.map((name) => [name, "passed", []]));
});

test.skipIf(!hasPython).each(["random-search", "regularized-evolution"])(
  needsPython("the Python example %s passes all checks but the one that can't look into a program"),
  async (name) => {
    const outcomes = await outcomesOf(path.join(REPOSITORY, "clients/python/examples", name));
    expect(outcomes.slice(0, -1)).toEqual(NAMES.slice(0, -1).map((check) => [check, "passed", []]));
    expect(outcomes.at(-1)).toEqual([
      "no-hidden-sources",
      "skipped",
      [expect.stringContaining("a program's inside can't be seen")],
    ]);
  },
);

describe("check --json", () => {
  const check = (folder: string) => runCommandLine(["check", folder, "--isolation", "process", "--json"]);

  test("prints one document for a method that passes", async () => {
    const { exitCode, stdout, stderr } = await check(writePlugin(path.join(temporaryFolder(), "made-up")));
    expect(exitCode, stderr).toBe(0);
    const { checks, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ method: "made-up", version: "1.0.0", isolation: "process" });
    expect(checks).toEqual(CHECKS.map(({ name, title }) => ({ name, title, outcome: "passed", reasons: [] })));
  });

  test("prints one document for a method that fails, says so beside it and ends with 3", async () => {
    const source = `import { defineAlgorithm, propose } from "nas-harness";
      export default defineAlgorithm({ search: function* ({ budget }) {
        while (budget.affords(12)) yield propose(7, 12);
      } });`;
    const folder = writePlugin(
      path.join(temporaryFolder(), "stubborn"),
      algorithmManifest({ name: "stubborn" }),
      source,
    );
    const { exitCode, stdout, stderr } = await check(folder);
    expect(exitCode, stderr).toBe(3);
    const { method, checks } = JSON.parse(stdout);
    expect(method).toBe("stubborn");
    const failed = checks.filter(({ outcome }: { outcome: string }) => outcome !== "passed");
    expect(failed.map(({ name }: { name: string }) => name)).toEqual(["other-seed-other-trace", "fidelities"]);
    for (const { outcome, reasons } of failed) {
      expect(outcome).toBe("failed");
      expect(reasons).toHaveLength(1);
    }
    expect(stderr).toContain(`NAS_ALGORITHM_CONFORMANCE: stubborn fails 2 of ${CHECKS.length} checks`);
    expect(stderr).toMatch(/- other-seed-other-trace\n.*- fidelities/);
  });
});

describe("the checks as tests of a plugin", () => {
  test("are one test each, with a name and a sentence", () => {
    const tests = conformanceChecks("rs");
    expect(tests.map(({ name, title }) => [name, title])).toEqual(CHECKS.map(({ name, title }) => [name, title]));
    expect(new Set(NAMES).size).toBe(NAMES.length);
  });

  test.each(NAMES)("fail for a plugin that does not start: %s", async (name) => {
    const folder = writePlugin(path.join(temporaryFolder(), "made-up"), algorithmManifest(), "export default {{{");
    const found = conformanceChecks(folder).find((check) => check.name === name);
    await expect(found?.run()).rejects.toMatchObject({ code: "NAS_PLUGIN_ENTRY" });
  });
});
