import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { algorithmScaffold } from "../../core/scaffold/algorithm-scaffold.ts";
import { type CommandResult, runProcess } from "../helpers/process.ts";
import { hasPython, needsPython } from "../helpers/python-client.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Writes a new method in Python below a folder where the harness is installed and runs the tests that it brings. */
function runItsTests(change: (program: string) => string = (program) => program): Promise<CommandResult> {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, "node_modules"));
  symlinkSync(REPOSITORY, path.join(cwd, "node_modules/nas-harness"));
  const folder = path.join(cwd, "my-method");
  mkdirSync(folder);
  const files = algorithmScaffold("my-method", "python", folder);
  for (const [file, text] of files) writeFileSync(path.join(folder, file), text);
  writeFileSync(path.join(folder, "search.py"), change(files.get("search.py") as string));
  const command = "python3 -m unittest discover -s ./my-method";
  expect(files.get("README.md")).toContain(`\n${command}\n`);
  const [python = "", ...words] = command.split(" ");
  return runProcess(python, words, { cwd, env: { PYTHONPATH: undefined, PYTHONDONTWRITEBYTECODE: "1" } });
}

describe.skipIf(!hasPython)(needsPython("the tests that a new method in Python brings"), () => {
  test("pass as they are, from the folder above, without anything but Python and the harness", async () => {
    const { exitCode, stderr } = await runItsTests();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^Ran 3 tests in .*\n\nOK$/m);
  });

  test.each([
    [
      "is no better than random search",
      "test_finds_better_cells_than_random_search_does",
      (program: string) => program.replace("space.mutate_edge_uniform(best, generator)", "space.sample(generator)"),
    ],
    [
      "draws from another generator",
      "test_equal_seeds_give_equal_runs_and_others_do_not",
      (program: string) =>
        program
          .replace("from nas_harness", "import random\n\nfrom nas_harness")
          .replace("context.random, context.max_epochs", "random.Random(), context.max_epochs"),
    ],
    [
      "gives up early",
      "test_spends_its_budget",
      (program: string) => program.replace("best, failures = None, 0", "return"),
    ],
  ])("fail for a search that %s", async (_, name, change) => {
    const { exitCode, stderr } = await runItsTests(change);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^FAIL: ${name} `, "m"));
  });
});
