import { createHash } from "node:crypto";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { hashOf } from "../../random/seed.ts";
import type { ImageSet } from "../image-set.ts";
import type { Operations } from "../operations.ts";
import { networkShape } from "../trial.ts";
import { badCall } from "./bad-call.ts";
import { SearchSupernet, type SupernetState } from "./search-supernet.ts";
import type { SearchSplits, Supernet, SupernetOptions, TrainingAccess } from "./search-types.ts";
import { ShuffledImages, type ShuffledImagesState } from "./shuffled-images.ts";
import { type PassCost, TrainingClock } from "./training-clock.ts";

/** What a run's training is made of. */
export interface SearchTrainingParts {
  readonly operations: Operations;
  readonly images: { readonly train: ImageSet; readonly valid: ImageSet };
  /** How images are normalised and augmented. */
  readonly recipe: Pick<Recipe, "normalization" | "augmentation">;
  readonly cost: PassCost;
  /** The protocol's trainingBudget. */
  readonly limitMs: number | null;
  /** The run's seed. */
  readonly seed: string;
  /** Size that no supernet exceeds, whatever the method asks for: for checks of what it does and not of how well. */
  readonly largest?: Pick<SupernetOptions, "channels" | "cellsPerStage">;
}

/** Everything that a checkpoint keeps of a run's training. */
export interface SearchTrainingState {
  readonly supernets: readonly SupernetState[];
  readonly train: ShuffledImagesState;
  readonly valid: ShuffledImagesState;
  readonly spentUs: number;
}

/** SHA-256 over pixels and labels. */
export function imagesHash({ pixels, labels }: ImageSet): string {
  return createHash("sha256").update(pixels).update(labels).digest("hex");
}

/** The training capability of one run, and the harness's hold on it. */
export class SearchTraining {
  /** What the method gets. Frozen. */
  readonly access: TrainingAccess;
  readonly #parts: SearchTrainingParts;
  readonly #clock: TrainingClock;
  readonly #supernets: SearchSupernet[] = [];
  readonly #train: ShuffledImages;
  readonly #valid: ShuffledImages;
  #fault: HarnessError | null = null;
  readonly #hashes: { readonly train: string; readonly valid: string };

  /** @throws NAS_SCHEMA if the recipe is one for another number of channels */
  constructor(parts: SearchTrainingParts) {
    this.#parts = parts;
    this.#clock = new TrainingClock(parts.cost, parts.limitMs);
    const { images, recipe, seed } = parts;
    this.#train = new ShuffledImages(images.train, recipe, seed, "train");
    this.#valid = new ShuffledImages(images.valid, recipe, seed, "valid");
    this.#hashes = { train: imagesHash(images.train), valid: imagesHash(images.valid) };
    const clock = this.#clock;
    this.access = Object.freeze({
      images: splitsOf(this.#train, this.#valid, (fault) => {
        this.#fault = fault;
      }),
      supernet: (options: SupernetOptions) => this.#supernet(options),
      get spentMs() {
        return clock.spentMs;
      },
    });
  }

  /** Simulated milliseconds that were charged. */
  get spentMs(): number {
    return this.#clock.spentMs;
  }

  /** Number of supernets that were made. */
  get supernetCount(): number {
    return this.#supernets.length;
  }

  /** SHA-256 of the train and validation images as they were at the start. */
  get imagesSha256(): string {
    return hashOf([this.#hashes.train, this.#hashes.valid]);
  }

  /** SHA-256 over all supernets' weights and running averages. */
  weightsHash(): string {
    return hashOf(this.#supernets.map((supernet) => supernet.hash()));
  }

  /** Demands that weights are finite and images as they were. @throws NAS_TRAINING_NAN, NAS_TRAINING_IMAGES */
  check(): void {
    if (!this.#supernets.every((supernet) => supernet.isFinite())) {
      throw new HarnessError("NAS_TRAINING_NAN", {
        what: "the weights of the method's supernet are not all finite numbers any more",
        allowed: "weights that stay finite",
        next: "lower the learning rate, or clip gradients",
      });
    }
    for (const split of ["train", "valid"] as const) {
      if (imagesHash(this.#parts.images[split]) === this.#hashes[split]) continue;
      throw new HarnessError("NAS_TRAINING_IMAGES", {
        what: `the method changed the ${split} images`,
        allowed: "reading them; images.next gives copies, which may be changed",
        next: "let the plugin copy what it changes",
      });
    }
  }

  /** Demands that the method did not ask for test images, even if it caught the error. @throws NAS_TRAINING_SPLIT */
  requireNoFault(): void {
    if (this.#fault !== null) throw this.#fault;
  }

  /** For a checkpoint. */
  save(): SearchTrainingState {
    return {
      supernets: this.#supernets.map((supernet) => supernet.save()),
      train: this.#train.save(),
      valid: this.#valid.save(),
      spentUs: this.#clock.save(),
    };
  }

  /** Takes back what {@link save} gave; the method has made its supernets. @throws NAS_TRAINING_CALL if they are others */
  restore(state: SearchTrainingState): void {
    const isSame =
      state.supernets.length === this.#supernets.length &&
      this.#supernets.every((own, at) => own.weightCount === state.supernets[at]?.weights.length);
    if (!isSame) throw badCall("train", "other supernets than before the checkpoint", "the same at every start");
    this.#supernets.forEach((supernet, at) => {
      supernet.restore(state.supernets[at] as SupernetState);
    });
    this.#train.restore(state.train);
    this.#valid.restore(state.valid);
    this.#clock.restore(state.spentUs);
  }

  /** Frees all tensors. */
  dispose(): void {
    for (const supernet of this.#supernets) supernet.dispose();
  }

  #supernet(options: SupernetOptions): Supernet {
    const { channels, cellsPerStage, affine, batchStatistics } = options;
    const isSized = [channels, cellsPerStage].every((value) => Number.isInteger(value) && value > 0);
    const isFitting = channels === 8 || channels % 16 === 0;
    if (!isSized || !isFitting || typeof affine !== "boolean" || typeof batchStatistics !== "boolean") {
      throw badCall(
        "supernet",
        JSON.stringify(options),
        "8 channels or a multiple of 16, cellsPerStage as a positive integer, affine and batchStatistics as booleans",
      );
    }
    const { operations, images, seed, largest } = this.#parts;
    const network = {
      channels: Math.min(channels, largest?.channels ?? channels),
      cellsPerStage: Math.min(cellsPerStage, largest?.cellsPerStage ?? cellsPerStage),
    };
    const shape = networkShape({ network }, images.train);
    const place = hashOf(["nas-harness/supernet", seed, this.#supernets.length]);
    const parts = { operations, shape, seed: Number.parseInt(place.slice(0, 12), 16), clock: this.#clock };
    const supernet = new SearchSupernet(parts, { ...network, affine, batchStatistics });
    this.#supernets.push(supernet);
    return supernet;
  }
}

/** The splits with a snare: whoever asks for test images is told, and the run fails. */
function splitsOf(train: ShuffledImages, valid: ShuffledImages, onFault: (fault: HarnessError) => void): SearchSplits {
  const splits = { train, valid };
  Object.defineProperty(splits, "test", {
    get() {
      const fault = new HarnessError("NAS_TRAINING_SPLIT", {
        what: "the method asks for test images",
        allowed: "context.training.images.train and context.training.images.valid",
        next: "choose architectures by validation images; test values are read after all runs have ended",
      });
      onFault(fault);
      throw fault;
    },
  });
  return Object.freeze(splits);
}
