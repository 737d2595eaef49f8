import { arrayFileFault, type NpyArray } from "../files/npy-file.ts";

/** Images as a network takes them: pixels are already normalised. */
export interface NormalizedImages {
  /** [N, height, width, channels] */
  readonly shape: readonly [images: number, height: number, width: number, channels: number];
  readonly pixels: Float32Array;
}

/**
 * Images from an array in PyTorch's layout, [N, channels, height, width] floats.
 * @param file its name, for messages
 * @throws NAS_ARRAY_FILE if they are no square images of a multiple of 4 pixels, or hold what is no number
 */
export function normalizedImages({ shape, values }: NpyArray, file: string): NormalizedImages {
  const [count, channels, height, width] = shape as [number, number, number, number];
  if (values instanceof BigInt64Array) throw arrayFileFault("pixels are integers, so they are not normalised", file);
  if (shape.length !== 4 || values.length === 0 || height !== width || height % 4 !== 0) {
    throw arrayFileFault(
      `an array of [${shape}] holds no images [N, channels, height, width] of a square multiple of 4 pixels`,
      file,
    );
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw arrayFileFault(`pixel ${at} is ${values[at]}`, file);
  const area = height * width;
  const pixels = new Float32Array(values.length);
  let target = 0;
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        pixels[target++] = values[(image * channels + channel) * area + pixel] as number;
      }
    }
  }
  return { shape: [count, height, width, channels], pixels };
}
