import type { Recipe } from "../../../schemas/generated/recipe.ts";
import { Random, type RandomState } from "../../random/random.ts";
import { hashOf } from "../../random/seed.ts";
import type { ImageSet } from "../image-set.ts";
import { BatchMaker, drawMove, type PassesState, ShuffledPasses } from "../image-stream.ts";
import { badCall } from "./bad-call.ts";
import type { ImageBatch, SearchImages } from "./search-types.ts";

/** Where {@link ShuffledImages} stand. */
export interface ShuffledImagesState {
  readonly passes: PassesState;
  readonly moves: RandomState;
}

/** A split's images as a method that trains gets them; order and augmentation depend on the seed alone. */
export class ShuffledImages implements SearchImages {
  readonly images: ImageSet;
  readonly #maker: BatchMaker;
  readonly #augmentation: Recipe["augmentation"];
  readonly #passes: ShuffledPasses;
  readonly #moves: Random;

  /** @param split names the stream, so that two splits of one run have different orders */
  constructor(
    images: ImageSet,
    recipe: Pick<Recipe, "normalization" | "augmentation">,
    seed: string,
    split: "train" | "valid",
  ) {
    this.images = images;
    this.#maker = new BatchMaker(images, recipe.normalization);
    this.#augmentation = recipe.augmentation;
    this.#passes = new ShuffledPasses(images.count, new Random(hashOf(["nas-harness/search-order", seed, split])));
    this.#moves = new Random(hashOf(["nas-harness/search-augmentation", seed, split]));
    Object.freeze(this);
  }

  get count(): number {
    return this.images.count;
  }

  /** @throws NAS_TRAINING_CALL */
  next(size: number, isAugmented: boolean): ImageBatch {
    if (!Number.isInteger(size) || size < 2 || size > this.count) {
      throw badCall("images.next", `a batch of ${String(size)} images`, `an integer from 2 to ${this.count}`);
    }
    const positions = this.#passes.take(size);
    const moves = isAugmented ? positions.map(() => drawMove(this.#moves, this.#augmentation)) : null;
    return this.#maker.make(positions, moves);
  }

  /** For a checkpoint. */
  save(): ShuffledImagesState {
    return { passes: this.#passes.save(), moves: Random.save(this.#moves) };
  }

  /** Takes back what {@link save} gave. */
  restore({ passes, moves }: ShuffledImagesState): void {
    this.#passes.restore(passes);
    Random.restore(this.#moves, moves);
  }
}
