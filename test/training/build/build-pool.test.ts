import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { BuildTask } from "../../../core/training/build/build-plan.ts";
import { type BuildPoolOptions, trainAll } from "../../../core/training/build/build-pool.ts";
import { listsChildren } from "../../helpers/signalled-process.ts";
import { toyImages, toyRecipe } from "../../helpers/toy-dataset.ts";

const images = toyImages();
const recipe = toyRecipe({ id: "quick", epochs: 1, imagesPerEpoch: 16 });
/** Longer than any test: it never ends by itself. */
const endless = toyRecipe({ id: "endless", epochs: 10_000 });

const taskOf = (architecture: number, own = recipe): BuildTask => ({ part: { recipe: own, seed: 1 }, architecture });

/** Trains tasks in one process and tells which were finished. */
function trained(tasks: readonly BuildTask[], options: Partial<BuildPoolOptions> = {}) {
  const finished: number[] = [];
  const done = trainAll(tasks, {
    jobs: 1,
    images,
    ...options,
    onTrained: (task, trial, seconds) => {
      expect(trial.architecture).toBe(task.architecture);
      expect(seconds).toBeGreaterThan(0);
      finished.push(task.architecture);
      options.onTrained?.(task, trial, seconds);
    },
  });
  return { done, finished };
}

/** Processes that this one has started to train in. */
function buildProcesses(): number[] {
  const own = `/proc/${process.pid}/task`;
  const children = readdirSync(own).flatMap((thread) => readFileSync(`${own}/${thread}/children`, "utf8").split(" "));
  return children.filter(Boolean).flatMap((pid) => {
    const isOurs = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("build-worker");
    return isOurs ? [Number(pid)] : [];
  });
}

async function killOne(): Promise<void> {
  for (;;) {
    const [pid] = buildProcesses();
    if (pid !== undefined) {
      process.kill(pid, "SIGKILL");
      return;
    }
    await wait(1);
  }
}

describe("a pool", () => {
  test("without tasks or with a signal that was given before starts nothing", async () => {
    await trained([]).done;
    const { done, finished } = trained([taskOf(0)], { signal: AbortSignal.abort() });
    await done;
    expect(finished).toEqual([]);
  });

  test("ends with what onTrained throws, and calls it no more", async () => {
    const { done, finished } = trained([taskOf(0), taskOf(1), taskOf(2)], {
      onTrained: () => {
        throw new Error("the disk is full");
      },
    });
    await expect(done).rejects.toThrow("the disk is full");
    await wait(100);
    expect(finished).toEqual([0]);
  });

  test("that is told to end kills a training that goes on, and hears of no more", async () => {
    const controller = new AbortController();
    const { done, finished } = trained([taskOf(0), taskOf(1, endless), taskOf(2)], {
      signal: controller.signal,
      onTrained: () => setTimeout(() => controller.abort(), 20),
    });
    await done;
    expect(finished).toEqual([0]);
  });

  test("reports what a process can't train", async () => {
    const wide = toyRecipe({ network: { channels: 24, cellsPerStage: 1 } });
    const { done, finished } = trained([taskOf(0), taskOf(0, wide), taskOf(1)]);
    await expect(done).rejects.toMatchObject({ code: "NAS_TRAINING_SHAPE" });
    expect(finished).toEqual([0]);
  });
});

const remark = listsChildren ? "" : " (only Linux tells which processes these are)";
describe.skipIf(!listsChildren)(`a process that dies${remark}`, () => {
  test("in a training is reported with the architecture", async () => {
    const { done } = trained([taskOf(0), taskOf(19, endless)], { onTrained: () => setTimeout(killOne, 20) });
    const message = "a building process ended in architecture 19 (SIGKILL)";
    await expect(done).rejects.toMatchObject({ code: "NAS_INTERNAL", details: { what: message } });
  });

  test("before its first training is no success", async () => {
    const { done, finished } = trained([taskOf(0)]);
    const [outcome] = await Promise.allSettled([done, killOne()]);
    expect(outcome).toMatchObject({
      reason: { details: { what: "a building process ended before its first training (SIGKILL)" } },
    });
    expect(finished).toEqual([]);
  });
});
