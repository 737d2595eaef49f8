import { formatArchitecture } from "../../core/space/codec.ts";
import { type Picklable, storedInside, tensor } from "./torch-bytes.ts";

/** A training of a made-up record: official dataset, seed, and its state dict (null: none). */
export type MadeUpTraining = readonly [dataset: string, seed: number, state: Picklable];

/** A state dict of one tensor, as a plain pickle holds it. */
export const SMALL_STATE: Picklable = new Map([
  ["stem.0.weight", tensor(storedInside(Float32Array.of(1, 2, 3, 4)), [2, 2], [2, 1])],
]);

/** The ArchResults dict of an architecture, with only those fields that weights need. */
function archResults(architecture: number, trainings: readonly MadeUpTraining[]): Picklable {
  const seeds = new Map<string, number[]>();
  for (const [dataset, seed] of trainings) seeds.set(dataset, [...(seeds.get(dataset) ?? []), seed]);
  return new Map<Picklable, Picklable>([
    ["arch_index", architecture],
    ["arch_str", formatArchitecture(architecture)],
    [
      "all_results",
      new Map<Picklable, Picklable>(
        trainings.map(([dataset, seed, state]) => [{ tuple: [dataset, seed] }, new Map([["net_state_dict", state]])]),
      ),
    ],
    ["dataset_seed", seeds],
  ]);
}

/** The record of an architecture, by the files' names of recipes (12 and 200, or less and full). */
export function fullFormRecord(
  architecture: number,
  recipes: Readonly<Record<string, readonly MadeUpTraining[]>>,
): Picklable {
  return new Map<Picklable, Picklable>(
    Object.entries(recipes).map(([recipe, trainings]) => [recipe, archResults(architecture, trainings)]),
  );
}
