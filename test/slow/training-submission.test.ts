import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hasBubblewrap } from "../helpers/bubblewrap.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { verifyStrictly } from "../helpers/verified.ts";

/** A method that trains for seconds. */
const SOURCE = `import { defineAlgorithm } from "nas-harness";
export default defineAlgorithm({
  train: ({ space, random, training }) => {
    const supernet = training.supernet({ channels: 8, cellsPerStage: 1, affine: false, batchStatistics: true });
    let architecture = 0;
    return {
      epochs: 2,
      trainEpoch() {
        architecture = space.sample(random);
        const step = { learningRate: 0.05, momentum: 0.9, weightDecay: 0, clipNorm: null };
        const { loss } = supernet.step({ kind: "path", architecture }, training.images.train.next(64, true), step);
        return { architecture, parameters: [], figures: { loss } };
      },
      answer: () => architecture,
      save: () => architecture,
      restore: (saved) => { architecture = saved; },
    };
  },
});
`;

describe.skipIf(!hasBubblewrap)("a method that trains (needs bubblewrap)", () => {
  test("is submitted, verified in a box, and found out when a digest is changed", async () => {
    const work = temporaryFolder();
    const root = path.join(work, "submissions");
    const manifest = algorithmManifest({ name: "quick-trainer", needs: ["training"] });
    const plugin = writePlugin(path.join(work, "quick-trainer"), manifest, SOURCE);
    const submitted = await runCommandLine([
      ...["submit", plugin, "--submissions", root, "--isolation", "strict"],
      ...["--results", path.join(work, "results"), "--json"],
    ]);
    expect(submitted.exitCode, submitted.stderr).toBe(0);
    const { folder } = JSON.parse(submitted.stdout);
    const runs = path.join(folder, "runs.jsonl");
    const lines = readFileSync(runs, "utf8").trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] as string).training.epochs).toHaveLength(2);

    const found = await verifyStrictly(folder, root);
    expect(found.failed, found.stderr).toEqual([]);
    for (const name of ["seeds", "reruns", "budget", "statistics", "conduct", "duplicates"]) {
      expect(found.outcome(name), name).toBe("passed");
    }
    for (const name of ["fresh-seeds", "relabelling", "hidden-randomness"]) {
      expect(found.outcome(name), name).toBe("skipped");
    }

    const changed = JSON.parse(lines[1] as string);
    changed.training.epochs[0][1] += 1;
    writeFileSync(runs, `${[lines[0], JSON.stringify(changed), lines[2]].join("\n")}\n`);
    const tampered = await verifyStrictly(folder, root);
    expect(tampered.failed).toContain("reruns");
  });
});
