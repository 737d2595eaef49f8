import path from "node:path";
import { describe, expect, test } from "vitest";
import { resolveOptions } from "../../core/plugins/options.ts";
import { builtInMethods, locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { needsTraining } from "../../core/runner/plan.ts";
import { runTraining, type TestTraining } from "../../core/testing-entry.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const methods = builtInMethods().filter((name) => needsTraining(locateAlgorithm(name).manifest));

/** Three short epochs. */
async function run(name: string, training: Partial<TestTraining> = {}) {
  const { folder, manifest } = locateAlgorithm(name);
  const algorithm = await loadAlgorithm({ folder, manifest });
  const known = manifest.options.properties as Record<string, unknown>;
  const small = {
    ...{ epochs: 3, imagesPerEpoch: 64, batchSize: 16, channels: 8, cellsPerStage: 1, validBatchSize: 32 },
    ...{ candidates: 5, selectionBatchSize: 64, controllerSteps: 2, samplesPerStep: 3, finalSamples: 5 },
  };
  const own = Object.fromEntries(Object.entries(small).filter(([option]) => option in known));
  return runTraining(algorithm, { options: resolveOptions(manifest, { id: "fashion-mnist-8x8" }, own), ...training });
}

test("all published methods that share weights are there, in both variants of batch normalisation", () => {
  const names = ["darts-v1", "darts-v2", "enas", "gdas", "rsps", "setn"];
  expect(methods).toEqual(names.flatMap((name) => [name, `${name}-batch-statistics`]));
});

describe.each(methods)("%s", (name) => {
  test("gives the same run for the same seed and another one for another", async () => {
    const first = await run(name, { seed: "a" });
    expect(first.failure).toBeNull();
    expect(first.training?.epochs).toHaveLength(3);
    expect(first.answers).toHaveLength(1);
    expect(await run(name, { seed: "a" })).toEqual(first);
    expect((await run(name, { seed: "b" })).training?.epochs).not.toEqual(first.training?.epochs);
  });

  test("goes on after a kill as if nothing had happened", async () => {
    const whole = await run(name, { seed: "a" });
    const checkpoint = path.join(temporaryFolder(), "run.checkpoint");
    const killed = run(name, {
      seed: "a",
      checkpoint,
      onEpoch: ({ epoch }) => {
        if (epoch === 2) throw new RangeError("killed");
      },
    });
    await expect(killed).rejects.toThrow("killed");
    const epochs: number[] = [];
    const resumed = await run(name, { seed: "a", checkpoint, onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([3]);
    expect(resumed).toEqual(whole);
  });
});
