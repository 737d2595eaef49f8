/** Labelled square images of one split. */
export interface ImageSet {
  /** Pixel values from 0 to 255, shape [count, size, size, channels]. */
  readonly pixels: Uint8Array;
  /** The class of each image, from 0 to classes - 1, shape [count]. */
  readonly labels: Uint8Array;
  /** Number of images, at least 1. */
  readonly count: number;
  /** Height and width of an image in pixels. */
  readonly size: number;
  readonly channels: number;
  /** Number of classes, 2 to 256. */
  readonly classes: number;
}

/** What an image set should measure. */
export type ImageSetShape = Pick<ImageSet, "count" | "size" | "channels" | "classes">;

const MEASURES = ["count", "size", "channels", "classes"] as const;

/** The first label that is no class, as a sentence; none if all are classes from 0 to `classes` - 1. */
export function labelFaults(labels: Uint8Array, classes: number): string[] {
  const at = labels.findIndex((label) => label >= classes);
  return at < 0 ? [] : [`label ${labels[at]} of image ${at} is no class from 0 to ${classes - 1}`];
}

/**
 * What makes a value no image set of this shape, one sentence a fault; none if it is one, whatever its labels say. Takes
 * anything, because image sets come from plugins.
 */
export function imageShapeFaults(value: unknown, shape: ImageSetShape): string[] {
  if (typeof value !== "object" || value === null) return ["it is no object"];
  const { pixels, labels, ...measures } = value as ImageSet;
  const faults = MEASURES.filter((name) => measures[name] !== shape[name]).map(
    (name) => `${name} is ${String(measures[name])} instead of ${shape[name]}`,
  );
  const wanted = { pixels: shape.count * shape.size * shape.size * shape.channels, labels: shape.count };
  for (const [name, array] of [
    ["pixels", pixels],
    ["labels", labels],
  ] as const) {
    if (!(array instanceof Uint8Array)) faults.push(`${name} is no Uint8Array`);
    else if (array.length !== wanted[name])
      faults.push(`${name} has ${array.length} entries instead of ${wanted[name]}`);
  }
  return faults;
}

/** {@link imageShapeFaults} and {@link labelFaults} of a value that came from a plugin. */
export function imageSetFaults(value: unknown, shape: ImageSetShape): string[] {
  const labels = (value as Partial<ImageSet> | null)?.labels;
  const ofLabels = labels instanceof Uint8Array ? labelFaults(labels, shape.classes) : [];
  return [...imageShapeFaults(value, shape), ...ofLabels];
}

/**
 * Images `start` to `end` (exclusive). The arrays are views of the given ones, not copies.
 * @param start from 0
 * @param end at most `images.count`
 */
export function selectImages(images: ImageSet, start: number, end: number): ImageSet {
  const perImage = images.size * images.size * images.channels;
  return {
    ...images,
    pixels: images.pixels.subarray(start * perImage, end * perImage),
    labels: images.labels.subarray(start, end),
    count: end - start,
  };
}

/**
 * Copies of the images at these positions, in their order.
 * @param positions from 0 to `images.count` - 1
 */
export function pickImages(images: ImageSet, positions: ArrayLike<number>): ImageSet {
  const perImage = images.size * images.size * images.channels;
  const count = positions.length;
  const pixels = new Uint8Array(count * perImage);
  const labels = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const from = positions[at] as number;
    pixels.set(images.pixels.subarray(from * perImage, (from + 1) * perImage), at * perImage);
    labels[at] = images.labels[from] as number;
  }
  return { ...images, pixels, labels, count };
}

/** Number of images of each class, shape [classes]. */
export function countByClass({ labels, classes }: ImageSet): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}
