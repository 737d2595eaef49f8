import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import type { BuildPart, BuildShard } from "../../../core/training/build/build-plan.ts";
import { fingerprintParts } from "../../../core/training/build/part-inputs.ts";
import { assembleTable } from "../../../core/training/build/table-assembly.ts";
import { buildTrials } from "../../../core/training/build/table-build.ts";
import { type BuiltTrial, formatTrial } from "../../../core/training/build/trial-line.ts";
import { storeFile } from "../../../core/training/build/trial-store.ts";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { TOY_ARCHITECTURES, TOY_DATASET, toyImages, toyPlan } from "../../helpers/toy-dataset.ts";

/** A trial that was never trained, of plausible values; the same for the same arguments. */
export function madeUpTrial(architecture: number, epochs: number, seed = 1): BuiltTrial {
  const random = new Random(hashOf(["made-up trial", architecture, seed]));
  const curve = () => ({
    loss: Float32Array.from({ length: epochs }, () => 2 * random.uniform()),
    accuracy: Float32Array.from({ length: epochs }, () => 100 * random.uniform()),
  });
  const curves = { train: curve(), valid: curve(), test: curve() };
  return {
    architecture,
    result: { curves, weightsSha256: hashOf(["weights", architecture, seed]), hasDiverged: false },
  };
}

/** Writes made-up trials into a work folder, as a build that was interrupted would have left them. */
export function writeMadeUpTrials(
  folder: string,
  parts: readonly BuildPart[],
  architectures: readonly number[],
  shard: BuildShard | null = null,
): void {
  for (const part of fingerprintParts(parts, toyImages())) {
    const file = storeFile(folder, part, shard);
    const trials = architectures.map((architecture) => madeUpTrial(architecture, part.recipe.epochs, part.seed));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, trials.map((trial) => `${formatTrial(trial, part.inputs)}\n`).join(""));
  }
}

/** Trains the toy dataset's architectures by its plan. */
export function buildToy(
  folder: string,
  options: Partial<Parameters<typeof buildTrials>[0]> = {},
  plan = toyPlan(),
): Promise<{ done: number; total: number }> {
  return buildTrials({
    folder,
    parts: plan.parts,
    images: toyImages(),
    jobs: 1,
    shard: null,
    architectures: TOY_ARCHITECTURES,
    ...options,
  });
}

/** Assembles what {@link buildToy} has trained. */
export function assembleToy(
  work: string,
  output: string,
  plan = toyPlan(),
  architectures: readonly number[] = TOY_ARCHITECTURES,
): TableCard {
  return assembleTable({
    work,
    plan: plan.plan,
    recipes: plan.recipes,
    dataset: TOY_DATASET,
    images: toyImages(),
    architectures,
    output,
    overwrite: false,
  });
}
