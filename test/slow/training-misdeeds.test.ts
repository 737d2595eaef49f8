import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A plugin that has a small supernet and does this in each of five epochs. */
function writeOffender(misdeed: string): string {
  const source = `import { defineAlgorithm } from "nas-harness";
    const SIZE = { channels: 8, cellsPerStage: 1, affine: false, batchStatistics: true };
    export default defineAlgorithm({
      train: ({ training }) => {
        const supernet = training.supernet(SIZE);
        return {
          epochs: 5, answer: () => 5, save: () => null, restore() {},
          trainEpoch(epoch) {
            ${misdeed}
            return { architecture: 5, parameters: [], figures: {} };
          },
        };
      },
    });`;
  const manifest = algorithmManifest({ name: "offender", needs: ["training"] });
  return writePlugin(path.join(temporaryFolder(), "offender"), manifest, source);
}

/** A step whose learning rate no weights can bear. */
const DIVERGING_STEP = `const images = training.images.train.next(16, false);
  const mode = { kind: "path", architecture: 1462 };
  const settings = { learningRate: 1e12, momentum: 0.9, weightDecay: 0, clipNorm: null };
  for (let step = 0; step < 30; step++) supernet.step(mode, images, settings);`;

test.each([
  [
    "holds one supernet more with every epoch",
    "NAS_TRAINING_LEAK",
    "training.supernet(SIZE);",
    /^offender: the method holds more tensors with every epoch: \d+ more after 3 epochs \(run 0, after 3 epochs\)$/,
  ],
  [
    "trains until its weights are no numbers",
    "NAS_TRAINING_NAN",
    DIVERGING_STEP,
    /^offender: the weights of the method's supernet are not all finite .* \(run 0, after 0 epochs\)$/,
  ],
  [
    "reports parameters that are no numbers, in the third epoch",
    "NAS_TRAINING_NAN",
    "if (epoch === 2) return { architecture: 5, parameters: [0, Number.NaN], figures: {} };",
    /^offender: the method's architecture parameters are not all finite .* \(run 0, after 2 epochs\)$/,
  ],
  [
    "changes a pixel of the training images, in the second epoch",
    "NAS_TRAINING_IMAGES",
    "if (epoch === 1) training.images.train.images.pixels[5] ^= 1;",
    /^offender: the method changed the train images \(run 0, after 1 epochs\)$/,
  ],
])("a plugin in a process of its own that %s fails its run with %s", async (_, code, misdeed, what) => {
  const output = temporaryFolder();
  const words = ["run", writeOffender(misdeed), "--runs", "1", "--isolation", "process", "--output", output];
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(new RegExp(`^${code}: offender: 1 runs failed; the first: offender: `, "m"));
  expect(stderr).not.toMatch(/^\s+at /m);
  const record = path.join(output, "fashion-mnist-8x8/offender/records.jsonl");
  const { failure } = JSON.parse(readFileSync(record, "utf8"));
  expect(failure.code).toBe(code);
  expect(failure.what).toMatch(what);
});
