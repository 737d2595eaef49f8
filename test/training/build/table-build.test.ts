import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { HarnessError } from "../../../core/errors/harness-error.ts";
import { lockFolder } from "../../../core/files/folder-lock.ts";
import { fingerprintParts } from "../../../core/training/build/part-inputs.ts";
import { readPart } from "../../../core/training/build/trial-store.ts";
import { contentOf } from "../../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../../helpers/temporary-folder.ts";
import {
  DIVERGING_RECIPE,
  TOY_ARCHITECTURES,
  TOY_RECIPES,
  toyImages,
  toyPlan,
  toyRecipe,
} from "../../helpers/toy-dataset.ts";
import { assembleToy, buildToy, madeUpTrial, writeMadeUpTrials } from "./built-trials.ts";

const PLAN = toyPlan([...TOY_RECIPES, DIVERGING_RECIPE]);
const TOTAL = PLAN.parts.length * TOY_ARCHITECTURES.length;
const whole = path.join(sharedTemporaryFolder(), "work");

/** The bytes of the table that a work folder gives. */
function tableOf(work: string): Record<string, string> {
  const output = path.join(temporaryFolder(), "table");
  assembleToy(work, output, PLAN);
  return contentOf(output);
}

/** Copies of the finished build's files, so that a test may spoil them. */
function copyOfWhole(): string {
  const work = temporaryFolder();
  for (const part of PLAN.parts) {
    writeMadeUpTrials(work, [part], []);
    const file = path.join(`${part.recipe.id}-${part.seed}`, "1-of-1.trials");
    writeFileSync(path.join(work, file), readFileSync(path.join(whole, file)));
  }
  return work;
}

beforeAll(async () => {
  expect(await buildToy(whole, {}, PLAN)).toEqual({ done: TOTAL, total: TOTAL });
});

describe("the table is the same to the last byte", () => {
  test("from two processes", async () => {
    const work = temporaryFolder();
    expect(await buildToy(work, { jobs: 2 }, PLAN)).toEqual({ done: TOTAL, total: TOTAL });
    expect(tableOf(work)).toEqual(tableOf(whole));
  });

  test("from shards, of which one takes over the other", async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    const ofFirst = PLAN.parts.length * 3;
    expect(await buildToy(first, { shard: { index: 1, count: 2 } }, PLAN)).toEqual({ done: ofFirst, total: ofFirst });
    await buildToy(second, { shard: { index: 2, count: 2 } }, PLAN);
    expect(() => tableOf(first)).toThrow("NAS_SHARDS_INCOMPLETE");
    const seconds: (number | null)[] = [];
    const onProgress = (_: number, __: number, own: number | null) => seconds.push(own);
    expect(await buildToy(first, { alsoFrom: [second], onProgress }, PLAN)).toEqual({ done: TOTAL, total: TOTAL });
    expect(seconds, "nothing was trained").toEqual([null]);
    expect(tableOf(first)).toEqual(tableOf(whole));
  });

  test("from a build that was interrupted in a training", async () => {
    const work = temporaryFolder();
    const controller = new AbortController();
    const onProgress = (done: number) => {
      if (done >= 4) controller.abort();
    };
    const { done, total } = await buildToy(work, { jobs: 2, signal: controller.signal, onProgress }, PLAN);
    expect({ done, total }).toEqual({ done: 4, total: TOTAL });
    const kept = fingerprintParts(PLAN.parts, toyImages()).flatMap((part) => readPart(work, part, () => {}));
    expect(kept).toHaveLength(4);
    expect(existsSync(path.join(work, ".lock"))).toBe(false);
    const progress: number[] = [];
    await buildToy(work, { onProgress: (now) => progress.push(now) }, PLAN);
    expect(progress[0]).toBe(4);
    expect(progress.at(-1)).toBe(TOTAL);
    expect(tableOf(work)).toEqual(tableOf(whole));
  });

  test("after a stored line was broken: it is named, and trained again", async () => {
    const work = copyOfWhole();
    const file = path.join(work, "full-2", "1-of-1.trials");
    const text = readFileSync(file, "utf8");
    const at = text.indexOf("\n", text.indexOf("\n") + 1) + 60;
    writeFileSync(file, `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
    const errors: HarnessError[] = [];
    const progress: number[] = [];
    const onCorrupt = (error: HarnessError) => errors.push(error);
    await buildToy(work, { onCorrupt, onProgress: (done) => progress.push(done) }, PLAN);
    expect(errors.map(({ code, details }) => [code, details.where])).toEqual([["NAS_BUILD_CORRUPT", `${file}:3`]]);
    expect(progress).toEqual([TOTAL - 1, TOTAL]);
    expect(tableOf(work)).toEqual(tableOf(whole));
  });
});

describe("a training that diverges", () => {
  test("does not stop the build, and is stored as it ended", () => {
    const parts = fingerprintParts(PLAN.parts, toyImages()).filter(({ recipe }) => recipe.id === "wild");
    expect(parts).toHaveLength(2);
    for (const part of parts) {
      const trials = readPart(whole, part, () => {});
      expect(trials.map(({ architecture }) => architecture)).toEqual(TOY_ARCHITECTURES);
      const diverged = trials.filter(({ result }) => result.hasDiverged);
      expect(diverged.length).toBeGreaterThan(2);
      for (const { result } of diverged) expect(result.curves.train.loss.at(-1)).toBeNaN();
    }
  });
});

describe("a folder", () => {
  test("that another process builds in is refused, and left alone", async () => {
    const work = temporaryFolder();
    const lock = lockFolder(work);
    try {
      await expect(buildToy(work)).rejects.toMatchObject({ code: "NAS_OUTPUT_LOCKED" });
      expect(readdirSync(work)).toEqual([".lock"]);
    } finally {
      lock.release();
    }
  });

  test("with trainings of an older recipe is refused before anything is trained", async () => {
    const work = temporaryFolder();
    writeMadeUpTrials(work, [{ recipe: toyRecipe({ batchSize: 8 }), seed: 1 }], [0]);
    const parts = [{ recipe: toyRecipe(), seed: 1 }];
    await expect(buildToy(work, { parts })).rejects.toMatchObject({ code: "NAS_RESUME_MISMATCH" });
    expect(existsSync(path.join(work, ".lock"))).toBe(false);
  });

  test("of another shard that does not exist is refused, not taken as empty", async () => {
    const [work, missing] = [temporaryFolder(), path.join(temporaryFolder(), "nowhere")];
    await expect(buildToy(work, { alsoFrom: [missing] })).rejects.toMatchObject({
      code: "NAS_FILE_NOT_FOUND",
      details: { where: missing },
    });
  });
});

test("shards that lie in one folder are found there, and no more than is wanted is taken over", async () => {
  const work = temporaryFolder();
  const parts = [{ recipe: toyRecipe(), seed: 1 }];
  writeMadeUpTrials(work, parts, [0, 19, 4003], { index: 1, count: 2 });
  writeMadeUpTrials(work, parts, [12, 1462, 7], { index: 2, count: 2 });
  expect(await buildToy(work, { parts })).toEqual({ done: 5, total: 5 });
  const lines = readFileSync(path.join(work, "short-1", "1-of-1.trials"), "utf8")
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(5);
  const [part] = fingerprintParts(parts, toyImages());
  expect(readPart(work, part!, () => {})).toEqual([0, 7, 12, 19, 1462, 4003].map((own) => madeUpTrial(own, 2)));
});
