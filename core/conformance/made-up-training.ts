import { existsSync, readFileSync } from "node:fs";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import type { Algorithm } from "../plugins/algorithm.ts";
import { deepFreeze } from "../plugins/options.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { type EpochProgress, executeTrainingRun, type TrainingRunResult } from "../runner/training-run.ts";
import { openBackend } from "../training/backend.ts";
import { operationsOn } from "../training/backend-operations.ts";
import type { ImageSet } from "../training/image-set.ts";
import { DEFAULT_PASS_COST } from "../training/search/training-clock.ts";

/** A made-up training, complete with images. */
export interface TestTraining {
  /** The algorithm's options, complete. */
  readonly options: Record<string, unknown>;
  /** Any text; equal texts give equal runs. */
  readonly seed?: string;
  /** File for checkpoints; the run leaves none, and resumes from none, unless given. */
  readonly checkpoint?: string;
  /** Simulated milliseconds that the run may spend; not limited unless given. */
  readonly limitMs?: number;
  /** Called after each epoch; what it throws ends the run at once. */
  readonly onEpoch?: (progress: EpochProgress) => void;
}

/** How made-up images are normalised. */
export const MADE_UP_RECIPE = {
  normalization: { mean: [110], deviation: [45] },
  augmentation: { flip: false, cropPadding: 0 },
} satisfies Pick<Recipe, "normalization" | "augmentation">;

const SIZE = 8;
const CLASSES = 4;

/** Images of which each class has a bright quarter of its own, under noise: a network learns them in a few steps. */
export function madeUpImages(count: number, seed: string): ImageSet {
  const random = new Random(hashOf(["nas-harness/made-up-images", seed]));
  const labels = Uint8Array.from({ length: count }, () => random.integer(CLASSES));
  const pixels = Uint8Array.from({ length: count * SIZE * SIZE }, (_, at) => {
    const [row, column] = [Math.floor(at / SIZE) % SIZE, at % SIZE];
    const quarter = 2 * Math.floor((2 * row) / SIZE) + Math.floor((2 * column) / SIZE);
    const isBright = quarter === labels[Math.floor(at / (SIZE * SIZE))];
    return (isBright ? 130 : 60) + random.integer(100);
  });
  return { pixels, labels, count, size: SIZE, channels: 1, classes: CLASSES };
}

/** One run of a method that trains, on 512 training and 256 validation images of 8x8 pixels in four classes. */
export async function madeUpTraining(
  algorithm: Algorithm,
  training: TestTraining,
  method = "method",
): Promise<TrainingRunResult> {
  const backend = await openBackend("wasm");
  const { options, seed = "", checkpoint, limitMs = null, onEpoch } = training;
  return executeTrainingRun(algorithm, {
    run: { protocol: "testing", search: "made-up", method, runIndex: 0 },
    dataset: "made-up",
    options: deepFreeze(structuredClone(options)),
    parts: {
      operations: operationsOn(backend),
      images: { train: madeUpImages(512, "train"), valid: madeUpImages(256, "valid") },
      recipe: MADE_UP_RECIPE,
      cost: DEFAULT_PASS_COST,
      limitMs,
      seed: hashOf(["nas-harness/testing", seed]),
    },
    backend: "wasm",
    mostEpochs: null,
    checkpointKey: checkpoint === undefined ? null : hashOf(["made-up", seed]),
    checkpoint: checkpoint !== undefined && existsSync(checkpoint) ? readFileSync(checkpoint) : null,
    countTensors: () => backend.tf.memory().numTensors,
    onEpoch: async (progress, bytes) => {
      if (checkpoint !== undefined && bytes !== null) writeFileAtomic(checkpoint, bytes);
      onEpoch?.(progress);
    },
  });
}
