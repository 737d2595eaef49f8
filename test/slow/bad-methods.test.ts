import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { withBudget } from "../helpers/run-inputs.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const table = inject("generatedTable");
const PROTOCOL = ["--protocol", "nas-bench-201"];

/** A method whose `ask` does something bad in about half of its runs, and searches at random otherwise. */
function badMethod(name: string, body: string): string {
  return writePlugin(
    path.join(temporaryFolder(), name),
    algorithmManifest({ name }),
    `import { defineAlgorithm, propose } from "nas-harness";
     export default defineAlgorithm({ create: (context) => {
       const { space, random, budget } = context;
       const isBad = random.uniform() < 0.5;
       let last = null;
       const good = () => (budget.affords(12) ? propose(space.sample(random), 12) : null);
       return {
         ask() { if (isBad && last !== null) { ${body} } return good(); },
         tell(_, evaluation) { last = evaluation; },
       };
     } });`,
  );
}

function tenEvaluations(): string {
  const protocol = withBudget(loadProtocol("nas-bench-201"), { kind: "evaluations", limit: 10, crossing: "reject" });
  const file = path.join(temporaryFolder(), "ten-evaluations.json");
  writeFileSync(file, JSON.stringify({ ...protocol, id: "ten-evaluations", runs: 12 }));
  return file;
}

describe("run with a method that breaks its contract", () => {
  test.each([
    ["throws", 'throw new Error("no idea");', "NAS_ALGORITHM_THREW", "no idea"],
    ["never-returns", "for (;;);", "NAS_ALGORITHM_TIMEOUT", "within 1 s"],
    ["unknown-architecture", "return propose(15625, 12);", "NAS_PROPOSAL_INVALID", "15625"],
    ["proposes-for-ever", "return propose(7, 12);", "NAS_BUDGET_EXCEEDED", "10 of 10 evaluations"],
    ["mutates", "last.validAccuracy = 100;", "NAS_ALGORITHM_MUTATED", "validAccuracy"],
    ["proposes-nan", "return propose(NaN, 12);", "NAS_PROPOSAL_INVALID", "NaN"],
  ])("%s ends with exit code 3, names it, and finishes everything else", async (name, body, code, shown) => {
    const output = temporaryFolder();
    const { exitCode, stdout, stderr } = await runCommandLine([
      ...["run", badMethod(name, body), "rs", "--protocol", tenEvaluations(), "--table", table],
      ...["--output", output, "--run-limit", "1", "--jobs", "2", "--json"],
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(code);
    expect(stderr).toContain(name);
    expect(stderr).toContain(shown);
    expect(stderr).not.toMatch(/^\s+at /m);
    const { rows } = JSON.parse(stdout);
    const [bad, good] = rows;
    expect(bad).toMatchObject({ method: name, failures: [{ code }] });
    expect(bad.runs + bad.failedRuns).toBe(12);
    expect(bad.runs).toBeGreaterThan(0);
    expect(bad.failedRuns).toBeGreaterThan(0);
    expect(good).toMatchObject({ method: "rs", runs: 12, failedRuns: 0, evaluationsPerRun: 10 });

    const site = path.join(output, "site");
    const leaderboard = await runCommandLine(["leaderboard", "--results", output, "--output", site, "--table", table]);
    expect(leaderboard.exitCode, leaderboard.stderr).toBe(0);
    expect(readFileSync(path.join(site, "leaderboard.md"), "utf8")).toContain(`${bad.runs}/12`);
  });
});

describe("run with a broken plugin", () => {
  test("that is a program and wants to train says so before anything runs", async () => {
    const manifest = {
      ...algorithmManifest({ needs: ["training"], runtime: "process", command: ["python3", "a.py"] }),
    };
    const { entry: _, ...program } = manifest as Record<string, unknown>;
    const folder = writePlugin(path.join(temporaryFolder(), "made-up"), program as typeof manifest);
    const words = ["run", folder, ...PROTOCOL, "--table", table, "--output", temporaryFolder()];
    const { exitCode, stderr } = await runCommandLine(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NAS_PLUGIN_MANIFEST");
    expect(stderr).toContain('a program can\'t train: "training" is only for the runtime "node"');
  });

  test("lists all faults of a manifest at once and runs nothing", async () => {
    const output = path.join(temporaryFolder(), "results");
    const manifest = algorithmManifest({
      name: "Bad Name",
      version: "1",
      title: undefined,
      entry: "nowhere.ts",
      extra: 1,
    });
    const folder = writePlugin(path.join(temporaryFolder(), "broken"), manifest, null);
    const { exitCode, stderr } = await runCommandLine([
      "run",
      folder,
      ...PROTOCOL,
      "--table",
      table,
      "--output",
      output,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NAS_PLUGIN_MANIFEST: the manifest has 5 faults");
    for (const part of ["name", "version", "title", "extra", "nowhere.ts"]) expect(stderr).toContain(part);
    expect(existsSync(output)).toBe(false);
  });

  test.each([
    ["a syntax error", "export default {{{", "NAS_PLUGIN_ENTRY", 3],
    ["no algorithm", "export default 5;", "NAS_PLUGIN_ENTRY", 3],
    ["an import of the harness's inside", 'import "nas-harness/core/tables/test-view.ts";', "NAS_PLUGIN_ENTRY", 3],
  ])("whose entry has %s", async (_, source, code, expected) => {
    const folder = writePlugin(path.join(temporaryFolder(), "made-up"), algorithmManifest(), source);
    const { exitCode, stderr } = await runCommandLine([
      "run",
      folder,
      ...PROTOCOL,
      "--runs",
      "1",
      "--table",
      table,
      "--output",
      temporaryFolder(),
    ]);
    expect(stderr).toContain(code);
    expect(stderr).toContain("made-up");
    expect(exitCode).toBe(expected);
  });

  test.each([
    ["made-up.size=0", "NAS_PLUGIN_OPTIONS"],
    ["made-up.sise=3", "NAS_PLUGIN_OPTIONS"],
    ["made-up.size=large", "NAS_PLUGIN_OPTIONS"],
    ["size=3", "NAS_USAGE"],
    ["rea.populationSize=3", "NAS_USAGE"],
  ])("or with the option %s", async (option, code) => {
    const folder = writePlugin(path.join(temporaryFolder(), "made-up"));
    const words = ["run", folder, ...PROTOCOL, "--option", option, "--table", table, "--output", temporaryFolder()];
    const { exitCode, stderr } = await runCommandLine(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(code);
  });
});
