import type { Recipe } from "../../schemas/generated/recipe.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { Random, type RandomState } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import type { ImageSet } from "./image-set.ts";

/** Pixels of a batch, normalised, shape [n, size, size, channels], and its labels, shape [n]. */
export interface PixelBatch {
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
}

type Normalization = Recipe["normalization"];

/** One value a channel, of a list with one for each or one for all. @throws NAS_SCHEMA */
function byChannel(list: readonly number[], name: keyof Normalization, channels: number): number[] {
  if (list.length !== 1 && list.length !== channels) {
    throw new HarnessError("NAS_SCHEMA", {
      what: `the recipe's normalization.${name} has ${list.length} values, the images have ${channels} channels`,
      allowed: "one value for each channel, or one for all",
      next: "correct the recipe",
    });
  }
  return Array.from({ length: channels }, (_, channel) => list[list.length === 1 ? 0 : channel] as number);
}

/** By channel and pixel value, the normalised value: [channels x 256]. */
function normalizedValues(normalization: Normalization, channels: number): Float32Array {
  const mean = byChannel(normalization.mean, "mean", channels);
  const deviation = byChannel(normalization.deviation, "deviation", channels);
  return Float32Array.from({ length: channels * 256 }, (_, at) => {
    const channel = Math.floor(at / 256);
    return ((at % 256) - (mean[channel] as number)) / (deviation[channel] as number);
  });
}

/** How one image is moved: mirrored or not, and shifted by so many pixels; what moves in is black. */
export interface Move {
  readonly isMirrored: boolean;
  readonly down: number;
  readonly right: number;
}

const STILL: Move = { isMirrored: false, down: 0, right: 0 };

/** Turns images into normalised batches. */
export class BatchMaker {
  readonly #images: ImageSet;
  readonly #values: Float32Array;

  /** @throws NAS_SCHEMA if the normalisation is one for another number of channels */
  constructor(images: ImageSet, normalization: Normalization) {
    this.#images = images;
    this.#values = normalizedValues(normalization, images.channels);
  }

  /** The images at these positions, moved or as they are. */
  make(positions: ArrayLike<number>, moves: readonly Move[] | null = null): PixelBatch {
    const { size, channels, labels } = this.#images;
    const n = positions.length;
    const perImage = size * size * channels;
    const pixels = new Float32Array(n * perImage);
    for (let at = 0; at < n; at++) {
      this.#copy(positions[at] as number, moves?.[at] ?? STILL, pixels, at * perImage);
    }
    return {
      pixels,
      labels: Int32Array.from({ length: n }, (_, at) => labels[positions[at] as number] as number),
      shape: [n, size, size, channels],
    };
  }

  /** Images `start` to `end` (exclusive) as they are. */
  range(start: number, end: number): PixelBatch {
    return this.make(Array.from({ length: end - start }, (_, at) => start + at));
  }

  #copy(image: number, { isMirrored, down, right }: Move, pixels: Float32Array, offset: number): void {
    const { size, channels, pixels: source } = this.#images;
    const base = image * size * size * channels;
    let to = offset;
    for (let row = 0; row < size; row++) {
      const fromRow = row + down;
      for (let column = 0; column < size; column++) {
        const shifted = column + right;
        const isInside = fromRow >= 0 && fromRow < size && shifted >= 0 && shifted < size;
        const fromColumn = isMirrored ? size - 1 - shifted : shifted;
        const from = base + (fromRow * size + fromColumn) * channels;
        for (let channel = 0; channel < channels; channel++) {
          const value = isInside ? (source[from + channel] as number) : 0;
          pixels[to++] = this.#values[channel * 256 + value] as number;
        }
      }
    }
  }
}

/** How the next image is moved. @param random draws only what the augmentation asks for */
export function drawMove(random: Random, { flip, cropPadding }: Recipe["augmentation"]): Move {
  const isMirrored = flip && random.integer(2) === 1;
  if (cropPadding === 0) return { isMirrored, down: 0, right: 0 };
  const shift = () => random.integer(2 * cropPadding + 1) - cropPadding;
  return { isMirrored, down: shift(), right: shift() };
}

/** Where {@link ShuffledPasses} stand. */
export interface PassesState {
  readonly random: RandomState;
  /** What is left of the pass. */
  readonly order: Uint32Array;
}

/** Positions of images in shuffled passes over all of them. */
export class ShuffledPasses {
  readonly #count: number;
  readonly #random: Random;
  #order: number[] = [];

  constructor(count: number, random: Random) {
    this.#count = count;
    this.#random = random;
  }

  /** The next `n` positions; they may be the end of one pass and the beginning of the next. */
  take(n: number): number[] {
    const taken: number[] = [];
    while (taken.length < n) {
      if (this.#order.length === 0) {
        this.#order = this.#random.shuffle(Array.from({ length: this.#count }, (_, at) => at));
      }
      taken.push(...this.#order.splice(-Math.min(n - taken.length, this.#order.length)));
    }
    return taken;
  }

  /** For a checkpoint. */
  save(): PassesState {
    return { random: Random.save(this.#random), order: Uint32Array.from(this.#order) };
  }

  /** Takes back what {@link save} gave. */
  restore({ random, order }: PassesState): void {
    Random.restore(this.#random, random);
    this.#order = Array.from(order);
  }
}

/**
 * The training images of a trial, batch by batch: shuffled passes over all images, cut into epochs of a stated length, with
 * the recipe's augmentation. Order and augmentation depend on the trial seed alone, so every architecture sees the same.
 */
export class ImageStream {
  readonly #maker: BatchMaker;
  readonly #recipe: Recipe;
  readonly #count: number;
  readonly #passes: ShuffledPasses;
  readonly #moveRandom: Random;

  constructor(images: ImageSet, recipe: Recipe, trialSeed: number) {
    this.#maker = new BatchMaker(images, recipe.normalization);
    this.#recipe = recipe;
    this.#count = images.count;
    this.#passes = new ShuffledPasses(images.count, new Random(hashOf(["nas-harness/image-order", trialSeed])));
    this.#moveRandom = new Random(hashOf(["nas-harness/augmentation", trialSeed]));
  }

  /** Number of images of an epoch. */
  get imagesPerEpoch(): number {
    return this.#recipe.imagesPerEpoch ?? this.#count;
  }

  /** The batches of the next epoch. A last batch of a single image is left out: batch statistics need two. */
  *epoch(): Generator<PixelBatch, void, undefined> {
    let left = this.imagesPerEpoch;
    while (left > 0) {
      const n = Math.min(this.#recipe.batchSize, left);
      left -= n;
      const positions = this.#passes.take(n);
      const moves = positions.map(() => drawMove(this.#moveRandom, this.#recipe.augmentation));
      if (n > 1) yield this.#maker.make(positions, moves);
    }
  }
}
