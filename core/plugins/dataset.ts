import type { ImageSet } from "../training/image-set.ts";

/** What a dataset gets when it is opened. Frozen. */
export interface DatasetContext {
  /** Absolute path of the plugin's own folder. */
  readonly folder: string;
  /** Absolute path of the folder that the user named for the dataset's files, or null if none was named. */
  readonly dataFolder: string | null;
}

/**
 * The splits of a dataset. Each call reads what it needs and nothing else: whoever opens `train` and `valid` never touches a
 * test image. Calls read anew, so keep the result.
 */
export interface DatasetSplits {
  /** Images to train on. */
  train(): ImageSet;
  /** Images to choose architectures by. */
  valid(): ImageSet;
  /** Images that only the final report may use. */
  test(): ImageSet;
}

/** How a dataset was made of another one; `nas-harness dataset derive` repeats it. */
export interface Derivation {
  /** The source: a dataset's name, or its folder relative to this plugin's. */
  readonly from: string;
  /** A split of this dataset from the same split of the source. */
  transform(images: ImageSet): ImageSet;
}

/** What a plugin passes to {@link defineDataset}. */
export interface DatasetDefinition {
  /** Prepares reading; the calls of what it returns read. */
  readonly open: (context: DatasetContext) => DatasetSplits;
  /** Only for a dataset that was made of another one and brings its own images. */
  readonly derivation?: Derivation;
}

/** A defined dataset: what a plugin's entry exports by default. */
export interface Dataset {
  /** Marks the object as made by {@link defineDataset}. */
  readonly kind: "nas-harness/dataset";
  readonly open: (context: DatasetContext) => DatasetSplits;
  /** Null for a dataset that was not made of another one. */
  readonly derivation: Derivation | null;
}

/**
 * Defines a dataset. A split's images must have the shape and number that the manifest states.
 *
 *     export default defineDataset({
 *       open: ({ folder }) => {
 *         const read = (split: string) =>
 *           readIdxImageSet({ folder, images: `${split}-images.idx`, labels: `${split}-labels.idx`, classes: 10 });
 *         return { train: () => read("train"), valid: () => read("valid"), test: () => read("test") };
 *       },
 *     });
 */
export function defineDataset({ open, derivation }: DatasetDefinition): Dataset {
  return Object.freeze({ kind: "nas-harness/dataset", open, derivation: derivation ?? null });
}

/** True for what {@link defineDataset} returns. */
export function isDataset(value: unknown): value is Dataset {
  const candidate = value as Dataset | null;
  return typeof candidate === "object" && candidate?.kind === "nas-harness/dataset";
}
