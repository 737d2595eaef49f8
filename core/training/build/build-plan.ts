import type { Recipe } from "../../../schemas/generated/recipe.ts";
import { classRepresentatives } from "../../space/classes.ts";

/** All trials of one recipe and one seed: a part of a table that is built, stored and committed as a whole. */
export interface BuildPart {
  readonly recipe: Recipe;
  /** Trial seed. */
  readonly seed: number;
  /** Representatives that this part trains, ascending; those of the whole build unless given. */
  readonly architectures?: readonly number[];
}

/** One training of a build. */
export interface BuildTask {
  readonly part: BuildPart;
  /** Representative of the class. */
  readonly architecture: number;
}

/** A shard of a build: shard `index` (from 1) of `count`. */
export interface BuildShard {
  readonly index: number;
  readonly count: number;
}

/** `full-777` */
export function partName({ recipe, seed }: BuildPart): string {
  return `${recipe.id}-${seed}`;
}

/**
 * The architectures of a shard, in ascending order: every `count`-th representative.
 * @param architectures representatives to train; all 6,466 unless a build is a trial of the machinery
 */
export function shardArchitectures(
  shard: BuildShard | null,
  architectures: readonly number[] = classRepresentatives(),
): number[] {
  return architectures.filter((_, at) => shard === null || at % shard.count === shard.index - 1);
}
