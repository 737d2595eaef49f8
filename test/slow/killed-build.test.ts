import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { classRepresentatives } from "../../core/space/classes.ts";
import { readCard } from "../../core/tables/search-view.ts";
import { checkTable } from "../../core/tables/table-check.ts";
import { storeFile } from "../../core/training/build/trial-store.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { contentOf, filesBelow } from "../helpers/folder-content.ts";
import { listsChildren, signalAt } from "../helpers/signalled-process.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TOY_RECIPES, toyPlan, writeToyDataset } from "../helpers/toy-dataset.ts";
import { assembleToy, buildToy, writeMadeUpTrials } from "../training/build/built-trials.ts";

const KILLS = 3;
const PLAN = toyPlan([TOY_RECIPES[0]!], [1]);
const CLASSES = classRepresentatives();
/** The table needs all classes, so most of them were "trained" before; these are trained here. */
const MISSING = 60;
const known = CLASSES.filter((_, at) => at % Math.floor(CLASSES.length / MISSING) !== 7);
const folder = sharedTemporaryFolder();
const dataset = path.join(folder, "toy");
const reference = path.join(folder, "reference");

beforeAll(async () => {
  writeToyDataset(dataset, PLAN);
  const work = path.join(folder, "undisturbed");
  writeMadeUpTrials(work, PLAN.parts, known);
  await buildToy(work, { architectures: CLASSES }, PLAN);
  assembleToy(work, reference, PLAN, CLASSES);
});

const remark = listsChildren ? "" : " (the processes that are left are counted on Linux only)";
test(`table build, killed ${KILLS} times and interrupted once at random moments, ends with the same bytes${remark}`, async () => {
  const [work, output] = [path.join(folder, "work"), path.join(folder, "table")];
  writeMadeUpTrials(work, PLAN.parts, known);
  const file = storeFile(work, PLAN.parts[0]!, null);
  const words = ["table", "build", dataset, "--work", work, "--output", output, "--jobs", "1"];
  const wholeLines = () => readFileSync(file, "utf8").split("\n").slice(0, -1);
  const line = wholeLines()[0]!.length;

  const random = new Random("6b696c6c2074686520747261696e6572");
  let kept = wholeLines();
  let workers = 0;
  for (let kill = 0; kill <= KILLS; kill++) {
    // After so many bytes more, and then at any moment of the next trainings.
    const from = statSync(file).size;
    const grown = random.integer(10 * line);
    const delay = random.integer(30);
    let since: number | null = null;
    const moment = () => {
      if (since === null && statSync(file).size - from > grown) since = performance.now();
      return since !== null && performance.now() - since >= delay;
    };
    const isKill = kill < KILLS;
    const result = await signalAt(words, isKill ? "SIGKILL" : "SIGINT", moment);
    expect(result.exitCode, result.stderr).toBe(isKill ? null : 130);
    expect(result.survivors).toEqual([]);
    expect(result.stderr, "no stack traces of processes that were left").not.toMatch(/^\s+at /m);
    workers += result.children;
    const now = wholeLines();
    expect(now.slice(0, kept.length)).toEqual(kept);
    expect(now.length).toBeGreaterThan(kept.length);
    kept = now;
    expect(existsSync(output)).toBe(false);
    if (!isKill) {
      const remark = `interrupted: ${kept.length} of ${CLASSES.length} trainings are kept in ${work}; the same command goes on`;
      expect(result.stderr).toContain(remark);
      expect(existsSync(path.join(work, ".lock"))).toBe(false);
    }
  }
  expect(kept.length).toBeLessThan(CLASSES.length);
  if (listsChildren) expect(workers).toBe(KILLS + 1);

  const { exitCode, stdout, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain(`${CLASSES.length} of ${CLASSES.length} trainings are in ${work}`);
  expect(stdout).toMatch(/^made toy-table 0\.1\.0 in .*table \(short: seeds 1; .*\)\n$/);
  expect(contentOf(output)).toEqual(contentOf(reference));
  expect(checkTable(output, readCard(output)).every(({ result }) => result === "ok")).toBe(true);
  expect(filesBelow(folder).filter((name) => /\.(tmp|old|stale)$/.test(name))).toEqual([]);
});
