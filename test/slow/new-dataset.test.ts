import { symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { whyNoBox } from "../../core/isolation/bubblewrap.ts";
import { readCard } from "../../core/tables/search-view.ts";
import { readStatement } from "../../core/verify/statement.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { readGuide } from "../helpers/guide.ts";
import { runProcess } from "../helpers/process.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A machine whose cores are busy with something else takes far longer than the minutes that this takes by itself. */
const LIMIT_MS = 7_200_000;

const guide = readGuide("docs/guides/first-dataset.md");
const FOLLOWED = ["table audit", "submit", "verify", "run", "leaderboard"];

/** What the guide says after the table is built: an audit, a submission that is verified in a box, and the page. */
async function followRest(cwd: string, run: (...words: string[]) => Promise<string>): Promise<void> {
  const commands = guide.commands.map(({ words }) => words.slice(2));
  const isBoxed = whyNoBox() === null;
  const printed = new Map<string, string>();
  for (const words of commands) {
    const name = FOLLOWED.find((one) => words.join(" ").startsWith(one));
    if (name === undefined) continue;
    const fewer = name === "run" ? ["--runs", "20"] : [];
    const unboxed = name === "verify" && !isBoxed ? ["--isolation", "process"] : [];
    printed.set(name, await run(...words, ...fewer, ...unboxed));
  }
  expect([...printed.keys()]).toEqual(FOLLOWED);
  expect(printed.get("table audit")).toContain("all 5 trials are equal to the table's, bit for bit");
  const verified = printed.get("verify") ?? "";
  for (const check of ["outline", "schema", "hashes", "images", "benchmark", "conduct", "audit"]) {
    expect(verified).toMatch(new RegExp(`^passed {2}${check}: `, "m"));
  }
  expect(verified).toContain("VERIFIED  my-dataset 0.1.0");
  const statement = readStatement(path.join(cwd, "leaderboard/verifications/my-dataset/0.1.0.json"));
  expect(statement.predicate.result).toBe(isBoxed ? "PASSED" : "WARNED");
  expect(printed.get("leaderboard")).toContain("Re-run here: my-dataset 0.1.0 on my-dataset 0.1.0");
}

test("new dataset, and all the commands that it names next: the whole table is trained, checked, searched and shown", {
  timeout: LIMIT_MS,
}, async () => {
  const cwd = temporaryFolder();
  const run = async (...words: string[]) => {
    const result = await runCommandLine(words, { cwd });
    expect(result.exitCode, `${words.join(" ")}\n${result.stderr}`).toBe(0);
    return result.stdout;
  };
  const made = await run("new", "dataset", "my-dataset", "--json");
  // The commands as they are told, only with fewer runs.
  const told: string[] = JSON.parse(made).next;
  const shown: string[] = [];
  for (const command of told) {
    const words = command.split(" ").slice(1);
    shown.push(await run(...words, ...(words[0] === "run" ? ["--runs", "20"] : [])));
  }
  const [check, , , methods, board] = shown as [string, string, string, string, string];
  expect(check).toContain("skipped table");

  const { training, datasets } = readCard(path.join(cwd, "my-dataset/table"));
  expect(training?.dataset).toEqual({ name: "my-dataset", version: "0.1.0" });
  const built = datasets[0]!.recipes.map(({ id, seeds, files }) => [id, seeds, files.map(({ rows }) => rows)]);
  expect(built).toEqual([
    ["full", [1], [6466, 6466]],
    ["short", [1], [6466, 6466]],
  ]);

  // Of 100 cells the best by a short training is far above chance, which is 25, after the long one too.
  const rows = methods.split("\n").filter((line) => /^(rs|rea) /.test(line));
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    const [, runs, , evaluations, valid] = row.trim().split(/\s+/);
    expect(runs).toBe("20");
    expect(Number(evaluations)).toBeGreaterThan(90);
    expect(Number(valid)).toBeGreaterThan(60);
  }
  expect(board).toContain("Re-run here: my-dataset 0.1.0 on my-dataset 0.1.0");
  for (const word of ["REA", "RS", "ResNet", "optimal"]) expect(board).toContain(word);

  expect(await run("check", "./my-dataset")).toContain("passed  table");
  await followRest(cwd, run);

  // The plugin's own tests, as in a project that has both packages installed.
  await mkdir(path.join(cwd, "node_modules"));
  symlinkSync(REPOSITORY, path.join(cwd, "node_modules/nas-harness"));
  symlinkSync(path.join(REPOSITORY, "node_modules/vitest"), path.join(cwd, "node_modules/vitest"));
  const vitest = path.join(REPOSITORY, "node_modules/vitest/vitest.mjs");
  const tests = await runProcess(process.execPath, [vitest, "run", "--root", "./my-dataset"], { cwd });
  expect(tests.exitCode, tests.stdout + tests.stderr).toBe(0);
});
