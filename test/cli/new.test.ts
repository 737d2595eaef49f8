import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { contentOf, filesBelow } from "../helpers/folder-content.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

function run(cwd: string, ...words: string[]): Promise<CommandResult> {
  return runCommandLine(["new", ...words], { cwd });
}

test("algorithm: writes the folder and says what to type next; the second call is refused and changes nothing", async () => {
  const cwd = temporaryFolder();
  const first = await run(cwd, "algorithm", "my-method");
  expect(first).toMatchObject({ exitCode: 0, stderr: "" });
  const files = ["README.md", "index.test.ts", "index.ts", "package.json", "plugin.json"];
  expect(filesBelow(cwd)).toEqual(files.map((name) => path.join("my-method", name)));
  for (const name of filesBelow(cwd)) expect(first.stdout).toContain(`wrote ${name}\n`);
  expect(first.stdout).toContain("\nnext:\n  nas-harness check ./my-method\n");
  const before = contentOf(cwd);
  const second = await run(cwd, "algorithm", "my-method", "--language", "python");
  expect(second).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringMatching(/^NAS_OUTPUT_EXISTS: /) });
  expect(contentOf(cwd)).toEqual(before);
});

test("algorithm --language python --folder --json: one document; an empty folder will do, a file will not", async () => {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, "in here"));
  const words = ["algorithm", "my-method", "--language", "python", "--json", "--folder"];
  const { exitCode, stdout } = await run(cwd, ...words, "in here");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    algorithm: "my-method",
    language: "python",
    folder: "in here",
    files: ["plugin.json", "search.py", "test_search.py", "README.md"],
    next: [
      "nas-harness check './in here'",
      "nas-harness run './in here' --protocol fashion-mnist-8x8 --runs 5 --output trial",
      "nas-harness leaderboard --results trial",
      "nas-harness submit './in here'",
    ],
  });
  expect(filesBelow(cwd)).toEqual(
    ["README.md", "plugin.json", "search.py", "test_search.py"].map((name) => `in here/${name}`),
  );
  writeFileSync(path.join(cwd, "file"), "");
  const refused = await run(cwd, ...words, "file");
  expect(refused.exitCode).toBe(2);
  expect(JSON.parse(refused.stdout).error).toMatchObject({ code: "NAS_OUTPUT_EXISTS", where: "file" });
});

test("dataset: writes a folder that passes check, trains, and is refused where something is", async () => {
  const cwd = temporaryFolder();
  const { exitCode, stdout, stderr } = await run(cwd, "dataset", "my-dataset");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const files = ["README.md", "index.test.ts", "index.ts", "package.json", "plugin.json", "protocol.json"];
  const places = [...files, "recipes/full.json", "recipes/short.json", "table-plan.json"];
  expect(filesBelow(cwd)).toEqual(places.map((name) => path.join("my-dataset", name)));
  for (const name of filesBelow(cwd)) expect(stdout).toContain(`wrote ${name}\n`);
  const commands = stdout.split("\nnext:\n")[1]!.trimEnd().split("\n");
  expect(commands).toEqual([
    "  nas-harness check ./my-dataset",
    "  nas-harness table build ./my-dataset --output ./my-dataset/table",
    "  nas-harness table check ./my-dataset/table",
    "  nas-harness run rs rea --protocol ./my-dataset/protocol.json --output trial",
    "  nas-harness leaderboard --results trial --table ./my-dataset/table",
  ]);
  const [checked, trained, again] = await Promise.all([
    runCommandLine(["check", "./my-dataset"], { cwd }),
    runCommandLine(["train", "6317", "--dataset", "./my-dataset", "--json"], { cwd }),
    run(cwd, "dataset", "other", "--folder", "my-dataset"),
  ]);
  expect(checked.exitCode, checked.stderr).toBe(0);
  expect(checked.stdout.match(/^\w+ +\w[\w-]*(?=:)/gm)).toEqual([
    "passed  manifest",
    "passed  images",
    "passed  same-twice",
    "passed  disjoint",
    "passed  labels",
    "skipped checksums",
    "passed  recipes",
    "passed  protocol",
    "skipped table",
  ]);
  expect(checked.stdout).toContain("the budget pays for 100.0 evaluations");
  expect(trained.exitCode, trained.stderr).toBe(0);
  expect(JSON.parse(trained.stdout).curves.valid.accuracy).toHaveLength(4);
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^NAS_OUTPUT_EXISTS: /) });
});

test("dataset --json: one document; a name that is built in is none", async () => {
  const cwd = temporaryFolder();
  const [made, taken] = await Promise.all([
    run(cwd, "dataset", "mine", "--folder", "in here", "--json"),
    run(cwd, "dataset", "nats-bench"),
  ]);
  expect(made.exitCode).toBe(0);
  const document = JSON.parse(made.stdout);
  expect(document).toMatchObject({ dataset: "mine", folder: "in here" });
  expect(document.files.map((name: string) => path.join("in here", name)).sort()).toEqual(filesBelow(cwd));
  expect(document.next[0]).toBe("nas-harness check './in here'");
  expect(taken).toMatchObject({ exitCode: 2, stdout: "" });
  expect(taken.stderr).toMatch(/^NAS_USAGE: nats-bench is a built-in protocol\n.*new dataset my-nats-bench\n$/s);
});

test("wrong usage: a name that is none, a language that is none, and no kind of plugin at all write nothing", async () => {
  const cwd = temporaryFolder();
  const [name, language, nothing] = await Promise.all([
    run(cwd, "algorithm", "My Method"),
    run(cwd, "algorithm", "my-method", "--language", "cobol"),
    run(cwd),
  ]);
  expect(name).toMatchObject({ exitCode: 2, stdout: "" });
  expect(name.stderr).toMatch(/^NAS_USAGE: "My Method" .*\n.*nas-harness new algorithm my-method\n$/s);
  expect(language).toMatchObject({ exitCode: 2, stdout: "" });
  expect(language.stderr).toMatch(/^NAS_USAGE: .*'cobol'.*typescript, python/);
  // The help, as for every command that is one of several; commander prints it where --help does.
  expect(nothing).toMatchObject({ exitCode: 2, stderr: "" });
  expect(nothing.stdout).toContain("nas-harness new algorithm my-method\n");
  expect(filesBelow(cwd)).toEqual([]);
});
